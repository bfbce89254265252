import type { Metadata, Sharp, SharpOptions } from 'sharp'

export type PictureBox = '120x120' | '520x400'

export interface PictureSize {
  width: number
  height: number
}

export interface SmallPicture {
  mimeType: string
  ext: string
  bytes: Uint8Array
}

/** Reads the picture's bytes; called when its turn has come, so that waiting pictures weigh nothing. */
export type LoadPicture = () => Promise<Uint8Array | null>

type Shape = (picture: Sharp) => Sharp
type MakeSharp = (input: Uint8Array, options: SharpOptions) => Sharp

/** 50 megapixels: any phone's photo. A 50,000 x 50,000 PNG of 10 kB would be 10 GB. */
export const MOST_PIXELS = 50_000_000
// What must be unpacked whole costs memory by the pixel and, but for AVIF, the channel. Measured as growth of RSS:
// progressive JPEG 5.7 bytes a pixel, interlaced 16-bit RGBA PNG 11.6, AVIF 18 to 29; a baseline 50-megapixel JPEG 2 MB in all.
const MOST_WHOLE_BYTES = 150_000_000
const BYTES_A_PIXEL_OF_AVIF = 25
const BYTES_A_SAMPLE = { jpeg: 2, png: 3, webp: 2, gif: 2 }
const DECODE_SECONDS = 10
const OPTIONS: SharpOptions = {
  limitInputPixels: MOST_PIXELS,
  failOn: 'error',
  sequentialRead: true,
  animated: false,
}

const BOXES: Record<PictureBox, Shape> = {
  '120x120': (picture) => picture.resize(120, 120, { fit: 'cover' }),
  '520x400': (picture) => picture.resize(520, 400, { fit: 'inside', withoutEnlargement: true }),
}

const FORMATS = {
  png: { mimeType: 'image/png', ext: 'png', encode: (picture: Sharp) => picture.png() },
  jpeg: { mimeType: 'image/jpeg', ext: 'jpg', encode: (picture: Sharp) => picture.jpeg({ quality: 82 }) },
  webp: { mimeType: 'image/webp', ext: 'webp', encode: (picture: Sharp) => picture.webp({ quality: 82 }) },
}

/** Width and height as the picture is to be seen (EXIF orientation applied), from its header alone; null when it is none we take. */
export const measurePicture = inTurn(async (load: LoadPicture): Promise<PictureSize | null> => {
  const bytes = await load()
  if (!bytes) return null
  const sharp = await loadSharp()
  try {
    const metadata = await sharp(bytes, OPTIONS).metadata()
    const { width, height } = metadata.autoOrient
    return isDecodable(metadata) ? { width, height } : null
  } catch {
    return null
  }
})

/** The picture fitted into a box, upright, first frame, without metadata; null when it cannot be decoded. */
export const shrinkPicture = inTurn(
  async (load: LoadPicture, box: PictureBox): Promise<SmallPicture | null> => {
    const bytes = await load()
    if (!bytes) return null
    const sharp = await loadSharp()
    try {
      const metadata = await sharp(bytes, OPTIONS).metadata()
      if (!isDecodable(metadata)) return null
      const { mimeType, ext, encode } = formatFor(metadata)
      const shaped = BOXES[box](sharp(bytes, OPTIONS).autoOrient()).timeout({ seconds: DECODE_SECONDS })
      return { mimeType, ext, bytes: await encode(shaped).toBuffer() }
    } catch {
      return null
    }
  },
)

function isDecodable({ format, width, height, channels, isProgressive, orientation = 1 }: Metadata): boolean {
  const pixels = width * height
  if (pixels < 1 || pixels > MOST_PIXELS) return false
  // A JPEG is shrunk while it is read, so turning it is cheap; a PNG is turned at full size.
  const isReadInRows = format === 'jpeg' || (format === 'png' && orientation < 5)
  return (isReadInRows && !isProgressive) || pixels * bytesAPixel(format, channels) <= MOST_WHOLE_BYTES
}

function bytesAPixel(format: string, channels: number): number {
  if (format === 'jpeg' || format === 'png' || format === 'webp' || format === 'gif') {
    return BYTES_A_SAMPLE[format] * channels
  }
  return BYTES_A_PIXEL_OF_AVIF
}

function formatFor({ format, hasAlpha }: Metadata) {
  if (format === 'png' || format === 'jpeg' || format === 'webp') return FORMATS[format]
  return hasAlpha ? FORMATS.png : FORMATS.jpeg
}

let loading: Promise<MakeSharp> | null = null

// 30 MB and 50 ms that a server without pictures does not pay.
function loadSharp(): Promise<MakeSharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1)
    sharp.cache(false)
    // Whatever a file pretends to be, no other decoder (SVG, TIFF, PDF, …) is ever entered.
    sharp.block({ operation: ['VipsForeignLoad'] })
    sharp.unblock({
      operation: ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Heif'].map((name) => `VipsForeignLoad${name}Buffer`),
    })
    return sharp
  })
  return loading
}

/** Lets one call run at a time, in order: a decoded picture is up to 200 MB. */
function inTurn<Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) {
  let last: Promise<unknown> = Promise.resolve()
  return (...args: Args): Promise<Result> => {
    const mine = last.then(() => work(...args))
    last = mine.catch(() => {})
    return mine
  }
}
