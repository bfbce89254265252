import { expect, test } from 'vitest'
import { isJsonAccepted } from './admit.ts'

test.each([
  undefined,
  '',
  '*/*',
  'application/json',
  'APPLICATION/JSON; charset=utf-8',
  'text/html, */*;q=0.1',
  'application/*',
])('Accept: %s takes JSON', (header) => expect(isJsonAccepted(header)).toBe(true))

test.each(['text/html', 'application/xml', 'application/json;q=0, */*', '*/*;q=0', ';', 'image/*, text/*'])(
  'Accept: %s does not',
  (header) => expect(isJsonAccepted(header)).toBe(false),
)
