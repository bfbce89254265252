import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { gifOfFrames, pngClaiming } from './fixtures/odd-pictures.ts'
import { measurePicture, MOST_PIXELS, shrinkPicture } from './pictures.ts'

const MiB = 1024 * 1024
const blank = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: { r: 200, g: 0, b: 0, alpha: 0.5 } } })
const from = (bytes: Uint8Array) => async () => bytes

describe('measure', () => {
  test('takes orientation into account', async () => {
    const plain = await blank(40, 20).jpeg().toBuffer()
    const turned = await blank(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    expect(await measurePicture(from(plain))).toEqual({ width: 40, height: 20 })
    expect(await measurePicture(from(turned))).toEqual({ width: 20, height: 40 })
  })

  test('a bomb is refused by its header', async () => {
    const before = { rss: process.memoryUsage.rss(), cpu: process.cpuUsage() }
    expect(await measurePicture(from(pngClaiming(50_000, 50_000)))).toBeNull()
    expect(await shrinkPicture(from(pngClaiming(50_000, 50_000)), '120x120')).toBeNull()
    expect(await measurePicture(from(pngClaiming(MOST_PIXELS + 1, 1)))).toBeNull()
    const { user, system } = process.cpuUsage(before.cpu)
    expect((user + system) / 1e6).toBeLessThan(1)
    expect(process.memoryUsage.rss() - before.rss).toBeLessThan(50 * MiB)
  })

  test('10,000 frames cost as one', async () => {
    const gif = gifOfFrames(10_000)
    const before = process.cpuUsage()
    expect(await measurePicture(from(gif))).toEqual({ width: 1, height: 1 })
    expect((await shrinkPicture(from(gif), '120x120'))?.mimeType).toMatch(/^image\/(png|jpeg)$/)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1e6).toBeLessThan(1)
  })

  test('what is none of the formats never meets its decoder', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    )
    const tiff = await measurePicture(from(Buffer.from('II*\0\x08\0\0\0')))
    expect([await measurePicture(from(svg)), tiff, await measurePicture(from(Buffer.from('hello')))]).toEqual(
      [null, null, null],
    )
    expect(await measurePicture(from(pngClaiming(9, 9).subarray(0, 20)))).toBeNull()
    expect(await measurePicture(async () => null)).toBeNull()
    expect(await shrinkPicture(from(svg), '120x120')).toBeNull()
  })
})

describe('shrink', () => {
  test.each([
    ['png', 'png', 'png'],
    ['jpeg', 'jpeg', 'jpeg'],
    ['webp', 'webp', 'webp'],
    ['gif', 'png', 'png'],
    ['avif', 'jpeg', 'jpeg'],
  ] as const)('a %s stays in its family (%s)', async (format, family, read) => {
    const original = await blank(1040, 400).toFormat(format).toBuffer()
    const wide = await shrinkPicture(from(original), '520x400')
    expect(wide?.mimeType).toBe(`image/${family}`)
    expect(await sharp(wide?.bytes).metadata()).toMatchObject({ format: read, width: 520, height: 200 })
    const square = await shrinkPicture(from(original), '120x120')
    expect(await sharp(square?.bytes).metadata()).toMatchObject({ width: 120, height: 120 })
  })

  test('never enlarges into the wide box, turns upright and drops metadata', async () => {
    const original = await blank(40, 20)
      .withMetadata({ orientation: 6 })
      .withExif({ IFD0: { Artist: 'me' } })
      .jpeg()
      .toBuffer()
    const small = await shrinkPicture(from(original), '520x400')
    const { width, height, exif, orientation } = await sharp(small?.bytes).metadata()
    expect([width, height, exif, orientation]).toEqual([20, 40, undefined, undefined])
  })

  test('a picture cut short is none', async () => {
    const noise = await sharp({
      create: {
        width: 300,
        height: 300,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 100, sigma: 50 },
      },
    })
      .png()
      .toBuffer()
    expect(await shrinkPicture(from(noise.subarray(0, noise.length / 2)), '120x120')).toBeNull()
  })

  test.each([
    ['baseline jpeg', () => blank(10_000, 5000).jpeg()],
    ['progressive jpeg', () => blank(5000, 5000).jpeg({ progressive: true, chromaSubsampling: '4:4:4' })],
    ['png', () => blank(10_000, 5000, 4).png()],
    [
      'interlaced png of 16 bits',
      () => blank(3500, 3500, 4).toColourspace('rgb16').png({ progressive: true }),
    ],
    ['webp', () => blank(5000, 5000).webp({ effort: 0 })],
    ['avif', () => blank(2400, 2400).avif({ effort: 0 })],
  ])('the largest %s we take stays within 200 MB of decoding', async (format, make) => {
    const original = await make().toBuffer()
    expect(await measurePicture(from(original))).not.toBeNull()
    const before = process.memoryUsage.rss()
    let peak = 0
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss() - before)), 5)
    const made = await Promise.all(Array.from({ length: 3 }, () => shrinkPicture(from(original), '520x400')))
    clearInterval(watch)
    if (process.env['SHOW_MEMORY']) console.log(format, peak / MiB)
    expect(made.every((picture) => picture !== null)).toBe(true)
    expect(peak).toBeLessThan(200 * MiB)
  })

  test('what must be unpacked whole is refused at fewer pixels', async () => {
    for (const picture of [
      blank(10_000, 5000).jpeg({ progressive: true }),
      blank(10_000, 5000).webp({ effort: 0 }),
      blank(4000, 4000).avif({ effort: 0 }),
    ]) {
      const original = await picture.toBuffer()
      expect(await measurePicture(from(original))).toBeNull()
      expect(await shrinkPicture(from(original), '120x120')).toBeNull()
    }
  })
})
