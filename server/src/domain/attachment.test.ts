import { describe, expect, test } from 'vitest'
import { attachmentPath, cleanFileName, parseAttachmentPath } from './attachment.ts'

describe('the path of a file', () => {
  const directories = new Uint8Array([0xc2, 0x9b, 0x01])
  const name = new Uint8Array(32).fill(0x0a)

  test('is three random bytes, 256 random bits and the extension', () => {
    const path = attachmentPath(directories, name, 'png')
    expect(path).toBe(`/c2/9b/01/${'0a'.repeat(32)}.png`)
    expect(parseAttachmentPath(path)).toEqual({ directories: 'c2/9b/01', name: '0a'.repeat(32), ext: 'png' })
    expect(() => attachmentPath(name, directories, 'png')).toThrow('random bytes')
  })

  test.each([
    '',
    '/',
    '/a.png',
    `/c2/9b/01/${'0A'.repeat(32)}.png`,
    `/c2/9b/${'0a'.repeat(32)}.png`,
    `/c2/9b/01/${'0a'.repeat(32)}.p/g`,
  ])('%j is none', (path) => expect(parseAttachmentPath(path)).toBeNull())
})

test.each([
  ['photo.png', 'photo.png'],
  ['  Отчёт 2.pdf ', 'Отчёт 2.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\dir\\a.txt', 'a.txt'],
  ['a\r\nSet-Cookie: x\0.txt', 'aSet-Cookie: x.txt'],
  ['photo\u202Egnp.exe', 'photognp.exe'],
  ['\u200B.htaccess', '.htaccess'],
  ['a\uD800b.txt', 'a\uFFFDb.txt'],
  ['', null],
  ['..', null],
  ['\u200B', null],
  ['dir/', null],
])('the name %j is shown as %j', (name, shown) => expect(cleanFileName(name)).toBe(shown))

test('a long name keeps its extension', () => {
  const name = cleanFileName(`${'ü'.repeat(500)}.pdf`)
  expect(Array.from(name ?? '')).toHaveLength(200)
  expect(name).toMatch(/ü….*\.pdf$/)
})
