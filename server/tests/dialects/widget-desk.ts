import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import { expect } from 'vitest'
import type { Client, Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'

export const MESSAGE =
  'id status type body file review bot agent endUser microseconds createdAt updatedAt'.split(' ')
export const AGENT = 'id serviceUserId name status avatar active createdAt updatedAt'.split(' ')
export const FILE = 'id type meta info url createdAt updatedAt'.split(' ')
export const NOWHERE = '0198c0de-0000-7000-8000-000000000000'

/** A house, one web chat in it, and a file server that the house may fetch from. */
export interface WidgetDesk extends AsyncDisposable {
  house: TestHouse
  /** The web chat's conversation. */
  conversation: string
  /** Operators who sign in. */
  anna: string
  boris: string
  /** Serves `/picture.png` (60 by 40) and `/notes.txt`. */
  files: string
  /** Calls the conversation. */
  post(call: string, body?: object | string, headers?: Record<string, string>): ReturnType<Client['post']>
}

export async function openDesk(): Promise<WidgetDesk> {
  const files = await openFiles()
  const house = await openHouse({ env: { PARLEY_FETCH_ALLOW: new URL(files.origin).host } })
  const { channels, conversations, operators } = house.fixture
  const webchat = channels.find(({ kind }) => kind === 'webchat')?.id
  const conversation = conversations.find(({ channelId }) => channelId === webchat)?.id ?? ''
  const idOf = (name: string) => operators.find((one) => one.name === name)?.id ?? ''
  return {
    house,
    conversation,
    anna: idOf('Anna Berg'),
    boris: idOf('Boris Vale'),
    files: files.origin,
    post: (call, body, headers) =>
      house.blingerWidget.post(`/conversation/${conversation}/${call}`, body, headers),
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]()
      files.close()
    },
  }
}

async function openFiles() {
  const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#1f7a5c' } })
    .png()
    .toBuffer()
  const served = new Map<string | undefined, Buffer | string>([
    ['/picture.png', picture],
    ['/notes.txt', 'Shelf 4, second row.\n'],
  ])
  const server = createServer((request, response) => {
    const found = served.get(request.url)
    if (found === undefined) response.writeHead(404)
    response.end(found)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() }
}

export const keysOf = (value: object) => Object.keys(value)

export function expectError(reply: Reply, status: number, error: string): void {
  expect({ status: reply.status, body: reply.body }).toEqual({ status, body: { error, status } })
  expect(keysOf(reply.body)).toEqual(['error', 'status'])
}
