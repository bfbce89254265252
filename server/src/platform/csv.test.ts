import { array, assert, constantFrom, oneof, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { csvRow } from './csv.ts'

const TRIGGERS = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']
/** What other readers take for the end of a cell or a row. */
const ENDS = /[,;|\t\r\n"]/

/** Texts made of what is dangerous, in any order. */
const hostile = oneof(
  string({ unit: 'grapheme' }),
  array(constantFrom(...TRIGGERS, ...Array.from(',;|"\' \t\u00a0\u3000'), 'a', '1', 'cmd'), {
    maxLength: 12,
  }).map((parts) => parts.join('')),
)

/** A reader by RFC 4180. */
function read(row: string): string[] {
  expect(row.endsWith('\r\n')).toBe(true)
  const cells = [...row.slice(0, -2).matchAll(/"((?:[^"]|"")*)"(,|$)/g)]
  expect(cells.map(([whole]) => whole).join('')).toBe(row.slice(0, -2))
  return cells.map(([, cell = '']) => cell.replaceAll('""', '"'))
}

/** Takes back what `csvRow` put before a trigger. */
const rearm = (text: string) =>
  text.replace(/(?<=^|[,;|\t\r\n"])'(?=(?:'|[^\S\t\r\n])*[=+\-@\t\r\n＝＋－＠])/g, '')

const begins = (cell: string) => TRIGGERS.some((trigger) => cell.trimStart().startsWith(trigger))

test('no cell begins like a formula, however a reader cuts them, and each can be had back', () => {
  assert(
    property(array(hostile, { minLength: 1, maxLength: 4 }), (cells) => {
      const written = read(csvRow(cells))
      expect(written.map(rearm)).toEqual(cells)
      for (const cell of written) {
        expect(TRIGGERS.some((trigger) => cell.startsWith(trigger))).toBe(false)
        for (const piece of cell.split(ENDS)) expect(begins(piece)).toBe(false)
      }
    }),
    { numRuns: 3000 },
  )
})

test.each([
  ['=1+1', `"'=1+1"`],
  ['+1', `"'+1"`],
  ['\tx', `"'\tx"`],
  ['＝x', `"'＝x"`],
  ['  =x', `"'  =x"`],
  ['a;=x', `"a;'=x"`],
  ['a"=x', `"a""'=x"`],
  ["'=x", `"''=x"`],
  ['a-b', '"a-b"'],
  ['', '""'],
])('%j is %s', (cell, written) => {
  expect(csvRow([cell])).toBe(`${written}\r\n`)
})
