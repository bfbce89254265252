import { readFileSync } from 'node:fs'
import { assert, asyncProperty, constantFrom, tuple, uint8Array } from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { detectFile, HEAD_BYTES } from './detect-file.ts'

const picture = (format: 'png' | 'jpeg' | 'gif' | 'webp' | 'avif' | 'tiff') =>
  sharp({ create: { width: 4, height: 2, channels: 3, background: 'red' } })
    .toFormat(format)
    .toBuffer()

test.each([
  ['png', 'image/png', 'png', 'image'],
  ['jpeg', 'image/jpeg', 'jpg', 'image'],
  ['gif', 'image/gif', 'gif', 'image'],
  ['webp', 'image/webp', 'webp', 'image'],
  ['avif', 'image/avif', 'avif', 'image'],
  ['tiff', 'image/tiff', 'tif', 'file'],
] as const)('a %s is known by its content', async (format, mimeType, ext, kind) => {
  expect(await detectFile(await picture(format))).toEqual({ mimeType, ext, kind })
})

const ogg = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(24), Buffer.from('OpusHead')])
const mp4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\0\0isommp42')])
const largeTag = Buffer.concat([
  Buffer.from('ID3\x04\0\0\0\x20\0\0', 'latin1'),
  Buffer.alloc(HEAD_BYTES - 10),
])

test.each([
  ['opus voice', ogg, 'audio/ogg', 'ogg', 'audio'],
  ['mp3 with a large cover', largeTag, 'audio/mpeg', 'mp3', 'audio'],
  ['mp4', mp4, 'video/mp4', 'mp4', 'video'],
  ['pdf', Buffer.from('%PDF-1.7\n%'), 'application/pdf', 'pdf', 'file'],
  ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), 'application/gzip', 'gz', 'file'],
  ['noise', Buffer.from([0xde, 0xad, 0xbe, 0xef, 0, 1]), 'application/octet-stream', 'bin', 'file'],
  ['this source', readFileSync(new URL(import.meta.url)), 'text/plain', 'txt', 'file'],
])('%s', async (_, head, ...expected) => {
  const { mimeType, ext, kind } = await detectFile(head)
  expect([mimeType, ext, kind]).toEqual(expected)
})

describe('text', () => {
  test.each([
    ['hello', 'text/plain'],
    ['a,b\n1,2', 'text/plain'],
    ['{"a":1}', 'text/plain'],
    ['1 < 2 and <b', 'text/plain'],
    ['<<EOF', 'text/plain'],
    ['привет'.slice(0, 6), 'text/plain'],
    ['\uFEFFhello', 'text/plain'],
    ['<!doctype html><p>', 'text/html'],
    ['\n\t <!-- x --><!-- y --> <HTML>', 'text/html'],
    ['<script>alert(1)</script>', 'text/html'],
    ['<img src=x onerror=alert(1)>', 'text/html'],
    ['<!-- never closed', 'text/html'],
    ['\uFEFF<svg onload=alert(1)>', 'image/svg+xml'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
    ['<?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>', 'image/svg+xml'],
    ['<x:svg xmlns:x="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
    ['<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>', 'application/xml'],
    ['<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', 'application/xml'],
  ])('%j is %s', async (text, mimeType) => {
    expect(await detectFile(Buffer.from(text))).toMatchObject({ mimeType, kind: 'file' })
  })

  test('NUL and broken UTF-8 make it bytes; a character cut by the head does not', async () => {
    expect((await detectFile(Buffer.from('a\0b'))).mimeType).toBe('application/octet-stream')
    expect((await detectFile(Buffer.from([0x61, 0xc3, 0x28]))).mimeType).toBe('application/octet-stream')
    expect((await detectFile(Buffer.from('aé').subarray(0, 2))).mimeType).toBe('text/plain')
  })

  test('long crafted text is judged at once', async () => {
    for (const piece of ['<!---->', '<!--', '<', '<aaaa', ' ', '<!-- -->x']) {
      const started = performance.now()
      await detectFile(Buffer.from(piece.repeat(HEAD_BYTES / piece.length)))
      expect(performance.now() - started).toBeLessThan(200)
    }
  })
})

test('no bytes throw, and what is not one of five formats is never a picture', async () => {
  const signatures = [
    '\x89PNG\r\n\x1a\n',
    'GIF89a',
    'RIFF....WEBP',
    '\xff\xd8\xff',
    'PK\x03\x04',
    'OggS',
    'ID3',
    '<svg',
    '\0\0\0\x18ftyp',
    '\x1aE\xdf\xa3',
  ]
  const head = tuple(constantFrom('', ...signatures), uint8Array({ maxLength: 400 }))
  await assert(
    asyncProperty(head, async ([start, rest]) => {
      const { kind, mimeType, ext } = await detectFile(Buffer.concat([Buffer.from(start, 'latin1'), rest]))
      expect(ext).toMatch(/^[a-z0-9]{1,10}$/)
      expect(mimeType).toMatch(/^[a-z]+\/[\w.+-]+$/i)
      if (kind === 'image') expect(mimeType).toMatch(/^image\/(png|jpeg|gif|webp|avif)$/)
    }),
    { numRuns: 2000 },
  )
})
