import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'

/** Somebody's web server with one picture of 640 × 480, on loopback. */
export interface PictureServer extends AsyncDisposable {
  url: string
  /** For PARLEY_FETCH_ALLOW. */
  place: string
}

export async function openPictureServer(): Promise<PictureServer> {
  const canvas = { width: 640, height: 480, channels: 3 as const, background: '#2a6f5c' }
  const picture = await sharp({ create: canvas }).png().toBuffer()
  const server = createServer(
    (_request, response) => void response.setHeader('content-type', 'image/png').end(picture),
  )
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${place}/atlas.png`,
    place,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}
