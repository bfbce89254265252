import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Exchange } from './conformance.ts'
import { play } from './conformance.ts'
import { openHouse } from './house.ts'

const CONTRACTS = join(import.meta.dirname, '../../contracts')

function exchangesOf(dialect: string): { file: string; exchange: Exchange }[] {
  const folder = join(CONTRACTS, dialect, 'exchanges')
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file, exchange: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Exchange }))
}

for (const dialect of ['blinger-app', 'blinger-widget', 'pact', 'linktor', 'native'])
  describe(`golden exchanges: ${dialect}`, () => {
    const exchanges = exchangesOf(dialect)
    test('there are some', () => expect(exchanges.length).toBeGreaterThan(0))
    for (const { file, exchange } of exchanges)
      test(`${file}: ${exchange.title}`, async () => {
        await using house = await openHouse()
        expect(await play(house, dialect, exchange)).toEqual([])
      })
  })
