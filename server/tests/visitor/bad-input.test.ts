import { afterAll, beforeAll, expect, test } from 'vitest'
import { BAD_VALUES } from '../bending.ts'
import { tryBadInput } from '../dialects/bad-input.ts'
import type { TestHouse } from '../house.ts'
import { databaseDigest, faultOfRefusal } from '../probing.ts'
import { VISITING } from '../visitor-requests.ts'
import { openVisited } from './visited.ts'

tryBadInput(VISITING, openVisited)

let house: TestHouse
beforeAll(async () => {
  house = await openVisited()
})
afterAll(() => house[Symbol.asyncDispose]())

const ID = '0198c0de-0000-4000-8000-000000000012'
const TEXTS = BAD_VALUES.filter((value) => typeof value === 'string')

/** A form with one file, whose parts and names are as given. */
function formOf(fields: [string, string][], fileName: string): Buffer {
  const parts = fields.map(
    ([name, value]) => `--edge\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const head = `--edge\r\ncontent-disposition: form-data; name="file"; filename="${fileName}"\r\n\r\n`
  return Buffer.from(`${parts.join('')}${head}words\r\n--edge--\r\n`)
}

test.each<[string, (bad: string) => Buffer]>([
  ['the id', (bad) => formOf([['id', bad]], 'a.txt')],
  [
    'the caption',
    (bad) =>
      formOf(
        [
          ['id', ID],
          ['text', bad],
        ],
        'a.txt',
      ),
  ],
  [
    'a name',
    (bad) =>
      formOf(
        [
          ['id', ID],
          [bad, 'x'],
        ],
        'a.txt',
      ),
  ],
  ['the name of the file', (bad) => formOf([['id', ID]], bad)],
  [
    'both ids',
    (bad) =>
      formOf(
        [
          ['id', ID],
          ['id', bad],
        ],
        'a.txt',
      ),
  ],
])('a form takes %s nowhere badly', async (_, write) => {
  const authorization = `Bearer ${house.besides.get('visitors.0.token')}`
  const headers = { authorization, 'content-type': 'multipart/form-data; boundary=edge' }
  for (const bad of TEXTS) {
    const before = await databaseDigest(house)
    const payload = write(bad)
    const reply = await house.request({ method: 'POST', url: '/visitor/v1/files', headers, payload })
    if (reply.status < 400) continue
    expect(faultOfRefusal('visitor', reply), JSON.stringify(bad).slice(0, 80)).toBe(null)
    expect(await databaseDigest(house)).toBe(before)
  }
})
