import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { assert, asyncProperty, integer, array, nat } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MultipartRefused, readMultipart, type MultipartLimits } from './multipart.ts'

const LIMITS: MultipartLimits = { fields: 5, fieldBytes: 100, files: 2, fileBytes: 1000 }
const TYPE = 'multipart/form-data; boundary=b'

const part = (name: string, value: string, extra = '') =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${extra}\r\n\r\n${value}\r\n`
const file = (name: string, filename: string, content: string) =>
  part(name, content, `; filename="${filename}"`)

interface Got {
  fields: [string, string][]
  files: [name: string, filename: string, mimeType: string, content: string][]
}

async function read(
  source: Readable | string,
  type: string | undefined = TYPE,
  limits = LIMITS,
): Promise<Got> {
  const files: Got['files'] = []
  const body = typeof source === 'string' ? Readable.from([Buffer.from(source, 'latin1')]) : source
  const { fields } = await readMultipart(body, type, {
    limits,
    onFile: async (name, stream, { filename, mimeType }) => {
      const content = Buffer.concat(await Array.fromAsync(stream)).toString('latin1')
      files.push([name, filename, mimeType, content])
    },
  })
  return { fields, files }
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => 'read',
    (error: unknown) => error,
  )
  return error instanceof MultipartRefused ? error.reason : String(error)
}

describe('what clients send', () => {
  test('fields and files, in order, repeated', async () => {
    const body =
      part('ids[]', '1') +
      file('file', 'a.txt', 'hello') +
      part('ids[]', '2') +
      part('__proto__', 'x') +
      '--b--\r\n'
    expect(await read(body)).toEqual({
      fields: [
        ['ids[]', '1'],
        ['ids[]', '2'],
        ['__proto__', 'x'],
      ],
      files: [['file', 'a.txt', 'text/plain', 'hello']],
    })
  })

  test('PHP: a quoted boundary, parts with their own Content-Length', async () => {
    const body = [
      '--6b00.65',
      'Content-Disposition: form-data; name="file"; filename="фото.png"',
      'Content-Length: 4',
      'Content-Type: image/png',
      '',
      'abcd',
      '--6b00.65',
      'Content-Disposition: form-data; name="text"',
      'Content-Length: 2',
      '',
      'ok',
      '--6b00.65--',
      '',
    ].join('\r\n')
    expect(await read(Readable.from([Buffer.from(body)]), 'multipart/form-data; boundary="6b00.65"')).toEqual(
      {
        fields: [['text', 'ok']],
        files: [['file', 'фото.png', 'image/png', 'abcd']],
      },
    )
  })

  test('Python: no Content-Type, the name "file"; browsers: nothing chosen', async () => {
    expect((await read(`${file('file', 'file', '\x00\xff')}--b--`)).files).toEqual([
      ['file', 'file', 'text/plain', '\x00\xff'],
    ])
    expect(await read(`${file('file', '', '')}--b--`)).toEqual({ fields: [], files: [] })
    expect((await read(`${file('file', '../../x\\y.txt', 'a')}--b--`)).files[0]?.[1]).toBe('y.txt')
    expect((await read(`${part('file', 'a', `; filename*=UTF-8''%D1%84.txt`)}--b--`)).files[0]?.[1]).toBe(
      'ф.txt',
    )
  })

  test('an empty form, a preamble, an epilogue, single bytes', async () => {
    expect(await read('--b--\r\n')).toEqual({ fields: [], files: [] })
    const body = `hello\r\n${part('a', '1')}${file('f', 'n', 'x'.repeat(500))}--b--\r\nbye`
    const whole = await read(body)
    expect(whole).toEqual({ fields: [['a', '1']], files: [['f', 'n', 'text/plain', 'x'.repeat(500)]] })
    expect(await read(Readable.from(Array.from(Buffer.from(body), (byte) => Buffer.from([byte]))))).toEqual(
      whole,
    )
  })
})

describe('limits', () => {
  const many = (count: number, one: (index: number) => string) =>
    `${Array.from({ length: count }, (_, i) => one(i)).join('')}--b--`

  test.each([
    ['fields', many(6, (i) => part(`f${i}`, '')), 'too_many_parts'],
    ['files', many(3, (i) => file(`f${i}`, 'n', '')), 'too_many_parts'],
    ['parts', many(10_000, () => '--b\r\n\r\nx\r\n'), 'too_many_parts'],
    ['a long field', many(1, () => part('a', 'x'.repeat(101))), 'field_too_large'],
    ['a long file', many(1, () => file('a', 'n', 'x'.repeat(1001))), 'file_too_large'],
    ['a long preamble', `${'x'.repeat(200_000)}\r\n--b--`, 'body_too_large'],
    ['a long part header', `--b\r\nX: ${'x'.repeat(200_000)}\r\n\r\n--b--`, 'body_too_large'],
  ])('%s', async (_, body, reason) => expect(await refusal(read(body))).toBe(reason))

  test('are exact', async () => {
    const body =
      many(5, () => part('a', 'x'.repeat(100))).replace('--b--', '') +
      many(2, () => file('f', 'n', 'y'.repeat(1000)))
    const { fields, files } = await read(body)
    expect([fields.length, files.map((got) => got[3].length)]).toEqual([5, [1000, 1000]])
  })
})

describe('broken bodies', () => {
  test.each([
    undefined,
    '',
    'text/plain',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/mixed; boundary=b',
    `multipart/form-data; boundary=${'b'.repeat(600)}`,
  ])('type %j', async (type) =>
    expect(
      await refusal(readMultipart(Readable.from(['x']), type, { limits: LIMITS, onFile: async () => {} })),
    ).toBe('not_multipart'),
  )

  test.each([
    '',
    'hello',
    '{"a":1}',
    '--b',
    '--b\r\n',
    part('a', '1'),
    file('a', 'n', 'half'),
    '--c\r\n\r\n--c--',
    `${part('a', '1')}--b-`,
  ])('%j is malformed', async (body) => expect(await refusal(read(body))).toBe('malformed'))

  test('every cut of a form ends in a refusal, at once', async () => {
    const body = `${part('a', '1')}${file('f', 'n.txt', 'content')}${part('c', '3')}--b--`
    for (let cut = 0; cut < body.length; cut += 1) {
      for (const step of [1, 7, 1000]) {
        const bytes = Buffer.from(body.slice(0, cut))
        const chunks = Array.from({ length: Math.ceil(cut / step) }, (_, i) =>
          bytes.subarray(i * step, (i + 1) * step),
        )
        expect(await refusal(read(Readable.from(chunks))), `${cut}/${step}`).toBe('malformed')
      }
    }
  })

  test('a file cut short never looks whole to its receiver', async () => {
    for (const content of ['half', 'x'.repeat(900)]) {
      const wholes: number[] = []
      const onFile = async (_: string, stream: AsyncIterable<Uint8Array>) => {
        wholes.push(Buffer.concat(await Array.fromAsync(stream)).length)
      }
      for (const tail of ['', '\r', '\r\n--']) {
        const body = Buffer.from(file('a', 'n', content).slice(0, -2) + tail)
        for (const step of [10, 5000]) {
          const chunks = Array.from({ length: Math.ceil(body.length / step) }, (_, i) =>
            body.subarray(i * step, (i + 1) * step),
          )
          expect(await refusal(readMultipart(Readable.from(chunks), TYPE, { limits: LIMITS, onFile }))).toBe(
            'malformed',
          )
        }
      }
      const long = Readable.from([Buffer.from(`${file('a', 'n', 'x'.repeat(1001))}--b--`)])
      expect(await refusal(readMultipart(long, TYPE, { limits: LIMITS, onFile }))).toBe('file_too_large')
      expect(wholes).toEqual([])
    }
  })

  test('a broken file that nobody reads does not end the process', async () => {
    for (const filename of ['n', '']) {
      const body = Readable.from([Buffer.from(file('a', filename, 'x'.repeat(500)).slice(0, -2))])
      expect(await refusal(readMultipart(body, TYPE, { limits: LIMITS, onFile: async () => {} }))).toBe(
        'malformed',
      )
    }
  })

  test('a sender who leaves ends the file that is being read', async () => {
    const source = new PassThrough()
    const work = refusal(read(source))
    source.write(file('f', 'n', 'x'.repeat(500)).slice(0, -2))
    setTimeout(() => source.destroy(), 20)
    expect(await work).toBe('aborted')
    expect(await refusal(read(new PassThrough().destroy()))).toBe('aborted')
  })

  test('a file that nobody reads, or only begins, is thrown away', async () => {
    const large = { ...LIMITS, fileBytes: 10_000_000 }
    const body = `${file('f', 'n', 'x'.repeat(1_000_000))}${file('g', 'n', 'y'.repeat(1_000_000))}${part('a', '1')}--b--`
    for (const read of [0, 1]) {
      const onFile = async (_: string, stream: AsyncIterable<Uint8Array>) => {
        if (read) for await (const _ of stream) break
      }
      const chunks = Array.from({ length: 40 }, (_, i) =>
        Buffer.from(body.slice(i * 60_000, (i + 1) * 60_000)),
      )
      const form = await readMultipart(Readable.from(chunks), TYPE, { limits: large, onFile })
      expect(form.fields).toEqual([['a', '1']])
    }
  })

  test('what the receiver throws is thrown, once every receiver has ended', async () => {
    let ended = 0
    const onFile = async (name: string, stream: AsyncIterable<Uint8Array>) => {
      try {
        if (name === 'bad') throw new Error('disk full')
        for await (const _ of stream);
        await new Promise((resolve) => setTimeout(resolve, 50))
      } finally {
        ended += 1
      }
    }
    const body = `${file('good', 'n', 'x')}${file('bad', 'n', 'x'.repeat(900))}--b--`
    const work = readMultipart(Readable.from([Buffer.from(body)]), TYPE, { limits: LIMITS, onFile })
    await expect(work).rejects.toThrow('disk full')
    expect(ended).toBe(2)
  })

  test('random damage never hangs and never crashes', async () => {
    const whole = Buffer.from(`${part('a', '1')}${file('f', 'n.txt', 'content')}${part('c', '3')}--b--\r\n`)
    const damage = array(integer({ min: 0, max: whole.length - 1 }), { minLength: 1, maxLength: 8 })
    const property = asyncProperty(
      damage,
      nat(255),
      integer({ min: 1, max: 60 }),
      async (places, byte, step) => {
        const bytes = Buffer.from(whole)
        for (const place of places) bytes[place] = [13, 10, 45, 34, 59, byte][place % 6] ?? byte
        const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) =>
          bytes.subarray(i * step, (i + 1) * step),
        )
        const hang = new Promise((resolve) => setTimeout(resolve, 1000, 'hang').unref())
        const outcome = await Promise.race([refusal(read(Readable.from(chunks))), hang])
        expect(['read', 'malformed', 'field_too_large']).toContain(outcome)
      },
    )
    await assert(property, { numRuns: 5000 })
  })
})

test('over HTTP: aborted uploads leave nothing open, and a refused one is answered', async () => {
  const outcomes: string[] = []
  let receiving = 0
  const server = createServer((incoming, response) => {
    const onFile = async (_: string, stream: AsyncIterable<Uint8Array>) => {
      receiving += 1
      try {
        for await (const _ of stream);
      } finally {
        receiving -= 1
      }
    }
    const work = readMultipart(incoming, incoming.headers['content-type'], {
      limits: { ...LIMITS, fileBytes: 5000 },
      onFile,
    })
    void refusal(work).then((outcome) => {
      outcomes.push(outcome)
      return response.end(outcome)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const post = () => {
    const { port } = server.address() as AddressInfo
    return request({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-type': TYPE } }).on(
      'error',
      () => {},
    )
  }
  for (let i = 0; i < 300; i += 1) {
    const sending = post()
    sending.write(file('f', 'n', 'x'.repeat(i * 10)).slice(0, -2), () =>
      setTimeout(() => sending.destroy(), i % 10),
    )
  }
  await expect.poll(() => outcomes.length, { timeout: 10_000 }).toBe(300)
  expect([new Set(outcomes), receiving]).toEqual([new Set(['aborted']), 0])
  const sending = post()
  sending.end(`${file('f', 'n', 'x'.repeat(50_000))}--b--`)
  const [response] = (await once(sending, 'response')) as [Readable]
  expect(Buffer.concat(await Array.fromAsync(response)).toString()).toBe('file_too_large')
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
