import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Exchange } from './conformance.ts'
import { play } from './conformance.ts'
import { openHouse } from './house.ts'
import type { PictureServer } from './picture-server.ts'
import { openPictureServer } from './picture-server.ts'

const CONTRACTS = join(import.meta.dirname, '../../contracts')

function exchangesOf(dialect: string): { file: string; exchange: Exchange }[] {
  const folder = join(CONTRACTS, dialect, 'exchanges')
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file, exchange: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Exchange }))
}

let provider: PictureServer
beforeAll(async () => {
  provider = await openPictureServer()
})
afterAll(() => provider[Symbol.asyncDispose]())

for (const dialect of ['blinger-app', 'blinger-widget', 'pact', 'linktor', 'native', 'visitor'])
  describe(`golden exchanges: ${dialect}`, () => {
    const exchanges = exchangesOf(dialect)
    test('there are some', () => expect(exchanges.length).toBeGreaterThan(0))
    for (const { file, exchange } of exchanges)
      test(`${file}: ${exchange.title}`, async () => {
        await using house = await openHouse({
          env: { PARLEY_FETCH_ALLOW: provider.place, ...exchange.settings },
        })
        expect(await play(house, dialect, exchange, { 'files.picture': provider.url })).toEqual([])
      })
  })
