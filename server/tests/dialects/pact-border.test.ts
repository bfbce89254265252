import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { FORM, JSON_TYPE, openDesk, phpUpload, PIXEL, pythonUpload, refused } from './pact-desk.ts'
import type { Desk } from './pact-desk.ts'

describe('lists', () => {
  test('an unreadable or foreign token is the first page; a token keeps its direction', async () => {
    await using desk = await openDesk()
    const list = `${desk.company}/conversations`
    const first = await desk.get(list, { per: 2 })
    const token: string = first.body.data.next_page
    const channels: string = (await desk.get(`${desk.company}/channels`, { per: 1 })).body.data.next_page
    for (const from of ['', 'nonsense', `${token}x`, token.slice(1), channels, '\u{1f600}'])
      expect((await desk.get(list, { per: 2, from })).body).toEqual(first.body)
    const down = await desk.get(list, { per: 2, sort_direction: 'desc' })
    expect((await desk.get(list, { per: 2, from: token, sort_direction: 'desc' })).body).toEqual(down.body)
  })

  test('messages are paged within their conversation', async () => {
    await using desk = await openDesk()
    for (const message of ['one', 'two', 'three']) await desk.post(`${desk.talk}/messages`, { message })
    await desk.house.settle()
    const seen: string[] = []
    let query: Record<string, string | number> = { per: 3, sort: 'desc' }
    for (;;) {
      const { data } = (await desk.get(`${desk.talk}/messages`, query)).body
      seen.push(...data.messages.map((row: { message: string }) => row.message))
      if (!('next_page' in data)) break
      query = { per: 3, from: data.next_page }
    }
    expect(seen).toEqual(['three', 'two', 'one', 'Is the atlas in stock?'])
    const { next_page } = (await desk.get(`${desk.talk}/messages`, { per: 1 })).body.data
    const elsewhere = `${desk.company}/conversations/${desk.conversation('telegram')}/messages`
    expect((await desk.get(elsewhere, { from: next_page })).body.data.messages).toHaveLength(1)
  })

  test('parameters out of their bounds are refused by name', async () => {
    await using desk = await openDesk()
    for (const path of [
      '/p1/companies',
      `${desk.company}/channels`,
      `${desk.company}/conversations`,
      `${desk.talk}/messages`,
    ]) {
      for (const per of [0, 101, -1, 1.5, 'ten']) refused(await desk.get(path, { per }), 400, /^per: /)
      refused(await desk.get(path, { from: 'x'.repeat(256) }), 400, /^from: /)
      refused(await desk.get(path, { sort_direction: 'up' }), 400, /^sort_direction: /)
      refused(await desk.ask('GET', `${path}?from[]=a`), 400, /^from: /)
      expect((await desk.get(path, { per: '', sort_direction: '', page: 3 })).status).toBe(200)
    }
  })
})

describe('refusals', () => {
  test('401 comes before everything else', async () => {
    await using desk = await openDesk()
    const tokens: Record<string, string>[] = [
      {},
      { 'x-private-api-token': '' },
      { 'x-private-api-token': 'nobody' },
      { 'x-private-api-token': desk.house.fixture.tokens.linktor },
    ]
    for (const headers of tokens) {
      for (const path of ['/p1/companies', '/p1/companies/0', `${desk.company}/conversations?per=0`])
        refused(
          await desk.ask('GET', path, { isAnonymous: true, headers: { ...headers, accept: 'text/html' } }),
          401,
        )
      const payloads: [Record<string, string>, string][] = [
        [JSON_TYPE, '{"a'],
        [FORM, 'phone=1'],
        [JSON_TYPE, 'x'.repeat(2_000_000)],
      ]
      for (const [type, payload] of payloads)
        refused(
          await desk.ask('POST', `${desk.company}/conversations`, {
            isAnonymous: true,
            headers: { ...headers, ...type },
            payload,
          }),
          401,
        )
      const { headers: multipart, payload } = pythonUpload(PIXEL)
      refused(
        await desk.ask('POST', `${desk.talk}/messages/attachments`, {
          isAnonymous: true,
          headers: { ...headers, ...multipart },
          payload,
        }),
        401,
      )
    }
  })

  test('the token may stand in the header, the query or the body', async () => {
    await using desk = await openDesk()
    const { token, talk } = desk
    expect(
      (await desk.ask('GET', `/p1/companies?private_api_token=${token}`, { isAnonymous: true })).status,
    ).toBe(200)
    const bodies: [Record<string, string>, string][] = [
      [JSON_TYPE, JSON.stringify({ note: 'x', private_api_token: token })],
      [FORM, `note=x&private_api_token=${token}`],
      [
        { 'content-type': 'multipart/form-data; boundary=b' },
        `--b\r\ncontent-disposition: form-data; name="note"\r\n\r\nx\r\n--b\r\ncontent-disposition: form-data; name="private_api_token"\r\n\r\n${token}\r\n--b--\r\n`,
      ],
    ]
    for (const [headers, payload] of bodies)
      expect((await desk.ask('PUT', `${talk}/note`, { isAnonymous: true, headers, payload })).body).toEqual({
        status: 'updated',
      })
    const wrong = { isAnonymous: true, headers: { 'x-private-api-token': 'nobody' } }
    refused(await desk.ask('GET', `/p1/companies?private_api_token=${token}`, wrong), 401)
    refused(await desk.ask('GET', '/p1/companies?private_api_token[a]=b', { isAnonymous: true }), 401)
  })

  test('404 for an unknown path, 405 with Allow for a wrong method', async () => {
    await using desk = await openDesk()
    for (const path of [
      '/p1',
      '/p1/',
      '/p1/nothing',
      `${desk.company}/waba_templates`,
      `${desk.company}/channels/1/user_exists`,
    ])
      refused(await desk.get(path), 404)
    refused(await desk.post('/p1/billing', {}), 404)
    const wrong = [
      ['POST', '/p1/companies', 'GET, HEAD'],
      ['PATCH', `${desk.talk}/note/`, 'PUT'],
      ['OPTIONS', `${desk.talk}/messages`, 'GET, HEAD, POST'],
      ['DELETE', `${desk.company}/channels/1`, 'POST'],
    ] as const
    for (const [method, path, allow] of wrong) {
      const reply = await desk.ask(method, path)
      refused(reply, 405)
      expect(reply.headers.allow).toBe(allow)
    }
  })

  test('406 when the answer may not be JSON', async () => {
    await using desk = await openDesk()
    const asked = (accept: string) => desk.ask('GET', '/p1/companies', { headers: { accept } })
    for (const accept of ['text/html', 'application/xml, text/*', 'application/json;q=0, */*'])
      refused(await asked(accept), 406)
    for (const accept of [
      '*/*',
      'application/json',
      'text/html, application/*;q=0.1',
      'text/html,*/*;q=0.8',
      '',
    ])
      expect((await asked(accept)).status).toBe(200)
  })

  test('too long, not UTF-8, not storable', async () => {
    await using desk = await openDesk()
    const note = (payload: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
      desk.ask('PUT', `${desk.talk}/note`, { headers, payload })
    refused(await note(JSON.stringify({ note: 'x'.repeat(2_000_000) })), 400, /too large/)
    refused(await note(Buffer.from([0x6e, 0x3d, 0xff]), FORM), 400, /UTF-8/)
    refused(await note('{"note":"a\\u0000b"}'), 400, /^note: .*cannot be stored/)
    refused(await note('{"note":"\\ud800"}'), 400, /^note: .*cannot be stored/)
    refused(await note('note=a%00b', FORM), 400, /^note: /)
    refused(await note('{"note":"x","a":{"\\u0000":1}}'), 400, /cannot be stored/)
    refused(await note('{"note":{"$gt":0}}'), 400, /^note: must be a string/)
  })
})

describe('uploads', () => {
  const rows = async ({ house }: Desk) => (await house.sql('select count(*)::int as n from attachment'))[0]?.n

  test('file and file_url exclude each other, wherever they stand', async () => {
    await using desk = await openDesk()
    const path = `${desk.talk}/messages/attachments`
    const url = 'https://files.example/map.png'
    refused(await desk.post(path, {}), 400, /^file: /)
    refused(await desk.post(path, { file: 'x' }), 400, /^file: must be a file/)
    refused(await desk.ask('POST', `${path}?file_url=${url}`, pythonUpload(PIXEL)), 400, /^file_url: /)
    const { headers, payload } = pythonUpload(PIXEL)
    const boundary = headers['content-type'].split('=')[1]
    const field = `--${boundary}\r\nContent-Disposition: form-data; name="file_url"\r\n\r\n${url}\r\n`
    const before = Buffer.concat([Buffer.from(field), payload])
    const after = Buffer.concat([
      payload.subarray(0, -4 - (boundary?.length ?? 0) - 2),
      Buffer.from(`${field}--${boundary}--\r\n`),
    ])
    for (const both of [before, after])
      refused(await desk.ask('POST', path, { headers, payload: both }), 400, /^file_url: /)
    const twice = Buffer.concat([payload.subarray(0, -4 - (boundary?.length ?? 0) - 2), payload])
    refused(await desk.ask('POST', path, { headers, payload: twice }), 400, /^file: /)
    refused(await desk.ask('POST', `${path}?push_to_talk=loud`, pythonUpload(PIXEL)), 400, /^push_to_talk: /)
    expect((await desk.ask('POST', `${path}?push_to_talk=1`, pythonUpload(PIXEL))).status).toBe(200)
    expect(await rows(desk)).toBe(1)
  })

  test('a URL that cannot be fetched is refused', async () => {
    await using desk = await openDesk()
    const path = `${desk.talk}/messages/attachments`
    for (const file_url of [
      'ftp://files.example/a',
      'map.png',
      'http://127.0.0.1:1/a.png',
      'http://[::1]/',
      'https://',
    ])
      refused(await desk.post(path, { file_url }), 400, /^file_url: /)
    expect(await rows(desk)).toBe(0)
  })

  test('broken, empty and too large files leave nothing', async () => {
    await using desk = await openDesk({ env: { PARLEY_MAX_FILE_BYTES: '1000' } })
    const path = `${desk.talk}/messages/attachments`
    const { headers, payload } = pythonUpload(PIXEL)
    for (const length of [10, 100, payload.length - 20])
      refused(await desk.ask('POST', path, { headers, payload: payload.subarray(0, length) }), 400)
    refused(
      await desk.ask('POST', path, { headers: { 'content-type': 'multipart/form-data' }, payload }),
      400,
    )
    refused(await desk.ask('POST', path, pythonUpload(Buffer.alloc(0))), 400)
    refused(await desk.ask('POST', path, pythonUpload(Buffer.alloc(1001, 1))), 400, /larger than 1000/)
    const gone = `${desk.company}/conversations/987654/messages/attachments`
    refused(await desk.ask('POST', gone, pythonUpload(Buffer.alloc(900, 1))), 404)
    expect(await rows(desk)).toBe(0)
  })
})

test('a file is fetched from its URL', async () => {
  const files = createServer((_request, response) => response.end(PIXEL)).listen(0, '127.0.0.1')
  await once(files, 'listening')
  const { port } = files.address() as AddressInfo
  await using desk = await openDesk({ env: { PARLEY_FETCH_ALLOW: `127.0.0.1:${port}` } })
  const file_url = `http://127.0.0.1:${port}/harbour.png`
  const uploaded = await desk.post(`${desk.talk}/messages/attachments`, { file_url })
  const attachments_ids = uploaded.body.data.external_id
  await desk.ask('POST', `${desk.talk}/messages`, { payload: { attachments_ids } })
  await desk.house.settle()
  const { messages } = (await desk.get(`${desk.talk}/messages`)).body.data
  expect(messages[1].attachments[0]).toMatchObject({ external_id: attachments_ids, mime_type: 'image/png' })
  files.close()
})

describe('over a real socket', () => {
  test('Expect: 100-continue, and the connection goes on after a refused upload', async () => {
    await using desk = await openDesk()
    const address = await desk.house.composed.app.listen({ host: '127.0.0.1', port: 0 })
    const { headers, payload } = phpUpload(Buffer.alloc(2_000_000, 7), 'big.bin')
    const request = (path: string, expectation: string) =>
      [
        `POST ${path} HTTP/1.1`,
        'Host: localhost',
        `X-Private-Api-Token: ${desk.token}`,
        `Content-Type: ${headers['content-type']}`,
        `Content-Length: ${payload.length}`,
        ...(expectation ? [`Expect: ${expectation}`] : []),
        '',
        '',
      ].join('\r\n')
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
    const hear = (pattern: RegExp) => expect.poll(() => heard, { timeout: 10_000 }).toMatch(pattern)
    socket.write(request(`${desk.company}/conversations/987654/messages/attachments`, ''))
    socket.write(payload)
    await hear(/HTTP\/1\.1 404 [^]*conversation not found/)
    heard = ''
    socket.write(request(`${desk.talk}/messages/attachments`, '100-continue'))
    await hear(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
    socket.write(payload)
    await hear(/HTTP\/1\.1 200 OK[^]*"external_id":\d+/)
    socket.destroy()
  })

  test('an upload that breaks off leaves no row', async () => {
    await using desk = await openDesk()
    const address = await desk.house.composed.app.listen({ host: '127.0.0.1', port: 0 })
    const { headers, payload } = pythonUpload(Buffer.alloc(500_000, 7))
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    socket.write(
      `POST ${desk.talk}/messages/attachments HTTP/1.1\r\nHost: localhost\r\nX-Private-Api-Token: ${desk.token}\r\n` +
        `Content-Type: ${headers['content-type']}\r\nContent-Length: ${payload.length}\r\n\r\n`,
    )
    await new Promise((resolve) => socket.write(payload.subarray(0, 300_000), resolve))
    socket.destroy()
    expect((await desk.get('/p1/companies')).status).toBe(200)
    expect((await desk.house.sql('select 1 from attachment')).length).toBe(0)
  })
})
