import { expect, test } from 'vitest'
import { findLinks } from '../src/core/links.ts'

const linksIn = (text: string) => findLinks(text).flatMap(({ href }) => (href === null ? [] : [href]))

test.each([
  ['see https://shop.example/atlas.', ['https://shop.example/atlas']],
  ['(https://en.example/wiki/Ada_(name))', ['https://en.example/wiki/Ada_(name)']],
  ['“https://shop.example”, he said', ['https://shop.example']],
  ['HTTP://SHOP.EXAMPLE', ['HTTP://SHOP.EXAMPLE']],
  ['https://пример.example/путь?q=1#a', ['https://пример.example/путь?q=1#a']],
  ['two: https://a.example, https://b.example', ['https://a.example', 'https://b.example']],
  ['write to anna@shop.example!', ['mailto:anna@shop.example']],
  ['mailto:anna@shop.example', ['mailto:anna@shop.example']],
  ['tel:+49-30-123456', ['tel:+49-30-123456']],
  ['https://shop.example:8080/x', ['https://shop.example:8080/x']],
])('%s', (text, links) => {
  expect(linksIn(text)).toEqual(links)
})

const HOSTILE = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'javascript:https://shop.example',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'blob:https://shop.example/1',
  'file:///etc/passwd',
  '//evil.example',
  '\\\\evil.example',
  'xhttps://evil.example',
  'https://bank.example@evil.example/',
  'https://bank.example%40evil.example',
  'https://',
  'https:///x',
  'https://\u202eelpmaxe.live',
  'tel:javascript',
  'tel:*#06#',
  'mailto:a@b@c.example',
  'ftp://a.example',
  'view-source:x',
]

test.each(HOSTILE)('%j is no link', (text) => {
  expect(linksIn(text)).toEqual([])
})

test('every link begins with one of four schemes, and no character is lost', () => {
  const pieces = [
    ...HOSTILE,
    'https://a.example/',
    'anna@shop.example',
    '<b>',
    '"',
    "'",
    ' ',
    '\u202e',
    '😀',
    '\u0000',
    ')',
    '.',
    '@',
    ':',
  ]
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: 1 + random(8) }, () => pieces[random(pieces.length)]).join('')
    const parts = findLinks(text)
    expect(parts.map((part) => part.text).join('')).toBe(text)
    for (const { href } of parts) {
      if (href !== null)
        expect(href).toMatch(/^(?:https?:\/\/[^/?#\s@]+(?:[/?#].*)?|mailto:[^@]+@[^@]+|tel:\+?[\d().-]+)$/i)
    }
  }
})

test('a link ends where something unseen begins', () => {
  expect(linksIn('https://shop.example/\u202egpj.exe')).toEqual(['https://shop.example/'])
  expect(linksIn('https://shop.example\u200b.evil.example')).toEqual(['https://shop.example'])
})
