import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linktorSpeech } from '../../src/dialects/linktor/events.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { playPayloads, type GoldenPayloads } from '../webhook-payloads.ts'

const FOLDER = join(import.meta.dirname, '../../../contracts/linktor/webhooks')
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

test('there are golden payloads', () => expect(files.length).toBeGreaterThan(10))

for (const file of files) {
  const golden = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as GoldenPayloads
  test(`${file}: ${golden.title}`, async () => {
    expect(await playPayloads(house, linktorSpeech, golden)).toEqual([])
  })
}
