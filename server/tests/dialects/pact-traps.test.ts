import { describe, expect, test } from 'vitest'
import { FORM, JSON_TYPE, openDesk, phpUpload, PIXEL, pythonUpload, refused } from './pact-desk.ts'
import type { Desk } from './pact-desk.ts'

/** As the Python SDK calls everything but uploads. */
const PYTHON = { ...JSON_TYPE, accept: 'application/json' }

const assigneeOf = async ({ house, conversation }: Desk) =>
  Number(
    (
      await house.sql(
        `select o.number from conversation c join operator o on o.id = c.assignee_id where c.number = $1`,
        [conversation('whatsapp')],
      )
    )[0]?.number,
  )

describe('the twelve traps', () => {
  test('1: a slash at the end is no other path, and no redirect', async () => {
    await using desk = await openDesk()
    const { company, talk } = desk
    for (const path of [
      '/p1/companies',
      `${company}/channels`,
      `${company}/conversations`,
      `${talk}/messages`,
    ]) {
      const slashed = await desk.ask('GET', `${path}/?per=10`, { headers: PYTHON })
      expect(slashed.body).toEqual((await desk.get(path, { per: 10 })).body)
      expect(slashed.status).toBe(200)
    }
    const payload = JSON.stringify({ provider: 'whatsapp', phone: '79250000001' })
    const made = await desk.ask('POST', `${company}/conversations/`, { headers: PYTHON, payload })
    expect(made.body.data.conversation.sender_external_id).toBe('79250000001')
    const message = JSON.stringify({ message: 'Hello' })
    const sent = await desk.ask('POST', `${talk}/messages/`, { headers: PYTHON, payload: message })
    const job = `${company}/channels/${desk.channel('whatsapp')}/jobs/${sent.body.data.id}/`
    expect((await desk.ask('GET', job, { headers: PYTHON })).body.data.id).toBe(sent.body.data.id)
  })

  test('2: doubled slashes count as one', async () => {
    await using desk = await openDesk()
    const doubled = desk.company.replace('/p1/', '/p1//')
    const { number } = desk.house.fixture
    expect((await desk.get('/p1//companies')).body.data.companies[0].external_id).toBe(number)
    expect((await desk.get(`${doubled}/conversations`)).body.data.conversations).toHaveLength(5)
    const made = await desk.post(`${doubled}/conversations`, { provider: 'whatsapp', phone: '4790000101' })
    const { external_id } = made.body.data.conversation
    expect((await desk.get(`${doubled}/conversations/${external_id}`)).body).toEqual(made.body)
    expect((await desk.put(`${doubled}/conversations/${external_id}/assign`)).status).toBe(200)
    refused(await desk.ask('DELETE', `${doubled}/conversations`), 405)
  })

  test('3: a form under a JSON content type', async () => {
    await using desk = await openDesk()
    const number = desk.house.fixture.operators[1]?.number
    const payload = `assignee_id=${number}`
    expect((await desk.ask('PUT', `${desk.talk}/assign`, { headers: PYTHON, payload })).status).toBe(200)
    expect(await assigneeOf(desk)).toBe(number)
    const broken = ['{"assignee_id":', '[1]', '"assignee_id=1"', '42', 'null', '{"a=b', 'x'.repeat(9)]
    for (const payload of broken)
      refused(
        await desk.ask('PUT', `${desk.talk}/note`, { headers: PYTHON, payload }),
        400,
        /not a JSON object/,
      )
    const json = { headers: FORM, payload: '{"note":"JSON under a form content type"}' }
    expect((await desk.ask('PUT', `${desk.talk}/note`, json)).body).toEqual({ status: 'updated' })
  })

  test('4: an empty body that calls itself JSON', async () => {
    await using desk = await openDesk()
    const headers = { ...PYTHON, 'content-length': '0' }
    expect((await desk.ask('GET', '/p1/companies/', { headers })).status).toBe(200)
    expect((await desk.ask('PUT', `${desk.talk}/assign`, { headers })).status).toBe(200)
    refused(await desk.ask('DELETE', `${desk.company}/channels/1`, { headers }), 405)
  })

  test('5: parameters of POST and PUT in the query string; the body wins', async () => {
    await using desk = await openDesk()
    const made = await desk.ask('POST', `${desk.company}/conversations?provider=whatsapp&phone=79250000002`)
    expect(made.body.data.conversation.sender_external_id).toBe('79250000002')
    const both = { headers: JSON_TYPE, payload: { phone: '79250000003' } }
    const merged = await desk.ask('POST', `${desk.company}/conversations?provider=whatsapp&phone=1`, both)
    expect(merged.body.data.conversation.sender_external_id).toBe('79250000003')
    expect((await desk.ask('PUT', `${desk.talk}/note?note=from+the+query`)).body.status).toBe('updated')
    const path = await desk.ask('PUT', `${desk.talk}/note?note=x&id=1&cid=2&company_id=3`)
    expect(path.status).toBe(200)
  })

  test('6: nested and array syntax, plain and percent-encoded', async () => {
    await using desk = await openDesk()
    const upload = async () =>
      (await desk.ask('POST', `${desk.talk}/messages/attachments`, phpUpload(PIXEL, 'map.png'))).body.data
        .external_id
    for (const name of ['attachments_ids[]', 'attachments_ids%5B%5D']) {
      const payload = `message=Hello&${name}=${await upload()}&${name}=${await upload()}`
      const sent = await desk.ask('POST', `${desk.talk}/messages`, { headers: FORM, payload })
      expect(sent.body.data.state).toBe('trying_deliver')
    }
    const buttons =
      'message=Yes%3F&interactive[type]=button&interactive[buttons][]=yes&interactive[buttons][]=no'
    expect(
      (await desk.ask('POST', `${desk.talk}/messages`, { headers: FORM, payload: buttons })).status,
    ).toBe(200)
    const template = 'phone=79250000001&template[id]=x&template[language_code]=en&template[parameters][]=a'
    const first = `${desk.company}/channels/${desk.channel('whatsapp')}/conversations`
    refused(await desk.ask('POST', first, { headers: FORM, payload: template }), 400, /^template: /)
    const hostile =
      '__proto__[polluted]=1&constructor[prototype][polluted]=1&a[b][c][d][e][f][g][h][i]=1&note=x'
    expect((await desk.ask('PUT', `${desk.talk}/note`, { headers: FORM, payload: hostile })).status).toBe(200)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('7: from_ and sort are from and sort_direction', async () => {
    await using desk = await openDesk()
    const list = `${desk.company}/conversations`
    const first = await desk.get(list, { per: 2, sort: 'desc' })
    const down = await desk.get(list, { per: 2, sort_direction: 'desc' })
    expect(first.body).toEqual(down.body)
    const token = first.body.data.next_page
    const second = await desk.get(list, { per: 2, from_: token, sort_direction: 'desc' })
    expect(second.body).toEqual((await desk.get(list, { per: 2, from: token })).body)
    expect(second.body.data.conversations[0].external_id).toBeLessThan(
      first.body.data.conversations[1].external_id,
    )
  })

  test('8: success is 200, never 201', async () => {
    await using desk = await openDesk()
    const made = await desk.post(`${desk.company}/conversations`, {
      provider: 'whatsapp',
      phone: '79250000009',
    })
    expect(made.status).toBe(200)
    expect((await desk.post(`${desk.talk}/messages`, { message: 'Hello' })).status).toBe(200)
    const uploaded = await desk.ask('POST', `${desk.talk}/messages/attachments`, pythonUpload(PIXEL))
    expect(uploaded.status).toBe(200)
  })

  test('9 and 10: nothing is null where an SDK dies, and ids are integers', async () => {
    await using desk = await openDesk()
    const upload = await desk.ask('POST', `${desk.talk}/messages/attachments`, pythonUpload(PIXEL))
    await desk.post(`${desk.talk}/messages`, { 'attachments_ids[]': upload.body.data.external_id })
    await desk.house.settle()
    // Every answer of the desk is checked; this list has all that could be null in it.
    const { messages } = (await desk.get(`${desk.talk}/messages`)).body.data
    expect(messages[1]).toMatchObject({ message: '', attachments: [{ external_id: expect.any(Number) }] })
    await desk.house.sql(`update contact set name = null`)
    await desk.house.sql(`update channel set status = 'inactive'`)
    expect((await desk.get(`${desk.company}/conversations`)).body.data.conversations).toHaveLength(5)
  })

  test('11: the last page has no next_page, and paging neither repeats nor skips', async () => {
    await using desk = await openDesk()
    for (const order of ['asc', 'desc']) {
      const seen: number[] = []
      let query: Record<string, string | number> = { per: 2, sort_direction: order }
      for (let page = 0; page < 9; page += 1) {
        const { data } = (await desk.get(`${desk.company}/conversations`, query)).body
        seen.push(...data.conversations.map((row: { external_id: number }) => row.external_id))
        if (!('next_page' in data)) break
        query = { per: 2, from: data.next_page }
        if (page === 0)
          await desk.post(`${desk.company}/conversations`, {
            provider: 'whatsapp',
            phone: `7925000001${order.length}`,
          })
      }
      const sorted = seen.toSorted((a, b) => (order === 'asc' ? a - b : b - a))
      expect(seen).toEqual(sorted)
      expect(new Set(seen).size).toBe(seen.length)
    }
    const exact = await desk.get(`${desk.company}/channels`, { per: 5 })
    expect(Object.keys(exact.body.data)).toEqual(['channels'])
  })

  test('12: multipart of PHP and of Python', async () => {
    await using desk = await openDesk()
    const path = `${desk.talk}/messages/attachments`
    const answer = {
      status: 'ok',
      data: { external_id: expect.any(Number), conversation: { external_id: desk.conversation('whatsapp') } },
    }
    for (const body of [phpUpload(PIXEL, 'map.png'), pythonUpload(PIXEL)])
      expect((await desk.ask('POST', path, body)).body).toEqual(answer)
  })
})
