import { expect, test } from 'vitest'
import { DEFAULT_WIDGET, mayUse, textsIn, widgetLanguage } from './widget.ts'

const open = { allowedOrigins: ['https://shop.example', 'http://localhost:*'] }

test.each([
  ['https://shop.example', true],
  ['http://localhost', true],
  ['http://localhost:8080', true],
  ['https://shop.example:8443', false],
  ['http://shop.example', false],
  ['https://evil.shop.example', false],
  ['https://shop.example.evil.example', false],
  ['http://localhost:8080.evil.example', false],
  ['http://localhost:', false],
  ['https://SHOP.example', false],
  ['null', false],
  [null, true],
])('pages of %s', (origin, isLetIn) => {
  expect(mayUse(open, origin)).toBe(isLetIn)
  expect(mayUse({ allowedOrigins: [] }, origin)).toBe(true)
})

test('texts come in the visitor’s language where there are any', () => {
  const none = { title: null, welcome: null, offline: null }
  const texts = { ...none, title: 'Hello', welcome: 'Ask us', byLanguage: { es: { ...none, title: 'Hola' } } }
  const widget = { ...DEFAULT_WIDGET, texts }
  expect(textsIn(widget, 'es-MX')).toEqual({ title: 'Hola', welcome: 'Ask us', offline: null })
  expect(textsIn(widget, 'de')).toEqual({ title: 'Hello', welcome: 'Ask us', offline: null })
  expect(['en-GB', 'ru', 'pt', 'pt-PT', 'de', null].map(widgetLanguage)).toEqual([
    'en',
    'ru',
    'pt-BR',
    'pt-BR',
    null,
    null,
  ])
})
