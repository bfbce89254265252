import { expect, test } from 'vitest'
import { isOwnOrigin } from './own-origin.ts'

const OWN = 'https://chat.example.com'

test('only the origin itself is ours', () => {
  expect(isOwnOrigin(OWN, OWN)).toBe(true)
})

test.each([
  ...['null', '', 'https://chat.example.com.', 'https://chat.example.com/', 'https://chat.example.com:444'],
  ...[
    'http://chat.example.com',
    'https://example.com',
    'https://evil.chat.example.com',
    'https://chat.example.com.evil.test',
  ],
  ...[
    'https://evilchat.example.com',
    'https://CHAT.example.com',
    'https://user@chat.example.com',
    'chat.example.com',
  ],
  ...[
    '//chat.example.com',
    'https://chat.example.com#',
    'https://chat.example.com?',
    ' https://chat.example.com',
  ],
  ...[
    'https://chat.example.com\u0000',
    'https://chаt.example.com',
    'file://',
    'data:',
    'http://127.0.0.1:3000',
  ],
])('%j is not', (origin) => {
  expect(isOwnOrigin(origin, OWN)).toBe(false)
})

test('a machine has several names for itself, all at the same port', () => {
  expect(isOwnOrigin('http://localhost:3000', 'http://127.0.0.1:3000')).toBe(true)
  expect(isOwnOrigin('http://[::1]:3000', 'http://localhost:3000')).toBe(true)
  expect(isOwnOrigin('http://localhost:3001', 'http://127.0.0.1:3000')).toBe(false)
  expect(isOwnOrigin('https://localhost:3000', 'http://127.0.0.1:3000')).toBe(false)
  expect(isOwnOrigin('http://localhost.evil.test:3000', 'http://127.0.0.1:3000')).toBe(false)
})
