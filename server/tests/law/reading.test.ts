import { expect, test } from 'vitest'
import { openHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { databaseDigest, probeOf, sendProbe, type Probe } from '../probing.ts'
import { SAMPLES } from '../requests.ts'
import { VISITING } from '../visitor-requests.ts'
import { openVisited } from '../visitor/visited.ts'

/** Who takes a copy of much is in the audit log from then on. */
const LEAVING_A_TRACE = new Set(['/parley/v1/audit/export', '/parley/v1/contacts/:id/export'])

test('taking a copy leaves its trace in the audit log, and nothing else', async () => {
  await using house = await openHouse()
  const known = knownFrom(house)
  const ofTables = async (isAudit: boolean) =>
    (JSON.parse(await databaseDigest(house)) as { name: string; digest: string }[]).filter(
      ({ name }) => (name === 'audit_entry') === isAudit,
    )
  const copies = SAMPLES.filter(({ method, route }) => method === 'GET' && LEAVING_A_TRACE.has(route))
  expect(copies).toHaveLength(LEAVING_A_TRACE.size)
  for (const copy of copies) {
    const [rest, log] = [await ofTables(false), await ofTables(true)]
    expect((await sendProbe(house, probeOf(house, copy, known))).status).toBe(200)
    expect(await ofTables(false)).toEqual(rest)
    expect(await ofTables(true)).not.toEqual(log)
  }
})

/** The cursors of samples are there to be bent. */
function firstPage(probe: Probe): Probe {
  const { cursor: _cursor, ...query } = probe.query
  return { ...probe, query }
}

test('reading changes nothing', async () => {
  await using house = await openVisited()
  const known = knownFrom(house)
  const probes = [...SAMPLES, ...VISITING]
    .filter(({ method, route }) => method === 'GET' && !LEAVING_A_TRACE.has(route))
    .map((sample) => firstPage(probeOf(house, sample, known)))
  expect(probes.length).toBeGreaterThan(20)
  const before = await databaseDigest(house)
  const statuses: number[] = []
  for (const probe of probes) {
    const reply = await sendProbe(house, probe)
    statuses.push(reply.status)
    await house.request({ method: 'HEAD', url: probe.path, headers: probe.headers })
  }
  // All but a job that nobody has, and sockets that are not asked for as such.
  expect(statuses.filter((status) => status !== 200).sort()).toEqual([404, 426, 426])
  // Without credentials, and whatever a page elsewhere could make a browser fetch.
  for (const { method, url } of house.composed.routes)
    if (method === 'GET')
      await house.request({ method: 'GET', url: url.replaceAll(/:\w+(\([^)]*\))?/g, '1') })
  await house.settle()
  expect(await databaseDigest(house)).toBe(before)
})

const EVIL = 'evil.example'
/** Spellings of another place, as they were used against others. */
const TARGETS = [
  ...[
    `https://${EVIL}`,
    `//${EVIL}`,
    `///${EVIL}`,
    `/\\${EVIL}`,
    `\\\\${EVIL}`,
    `https:${EVIL}`,
    `https:/${EVIL}`,
  ],
  ...[
    `/%2f${EVIL}`,
    `/%5c${EVIL}`,
    `//${EVIL}/%2e%2e`,
    `/.//${EVIL}`,
    `/..//${EVIL}`,
    `http://127.0.0.1:3000@${EVIL}`,
  ],
  ...[
    `http://${EVIL}#@127.0.0.1`,
    `javascript:alert(1)`,
    `data:text/html,x`,
    `\t//${EVIL}`,
    `//${EVIL}%00`,
    `//${EVIL}%0d%0aX:1`,
  ],
]
const NAMES = [
  'next',
  'return',
  'return_to',
  'returnUrl',
  'redirect',
  'redirect_uri',
  'callbackURL',
  'url',
  'continue',
  'state',
]

test('no answer sends anybody to another place', { timeout: 60_000 }, async () => {
  await using house = await openHouse()
  const paths = house.composed.routes
    .filter(({ method }) => method === 'GET')
    .map(({ url }) => url.replaceAll(/:\w+(\([^)]*\))?/g, '1'))
  const query = (target: string) => NAMES.map((name) => `${name}=${encodeURIComponent(target)}`).join('&')
  const asked = [
    ...[...new Set(paths)].flatMap((path, index) => [
      `${path}?${query(TARGETS[index % TARGETS.length]!)}`,
      `${path}/`,
      `/${path}`,
    ]),
    ...TARGETS.filter((target) => target.startsWith('/')).flatMap((target) => [
      target,
      `${target}/docs`,
      `${target}/v1/`,
    ]),
    ...TARGETS.map((target) => `/docs?${query(target)}`),
  ]
  expect(asked.length).toBeGreaterThan(150)
  const own = 'http://127.0.0.1:3000'
  for (const url of asked) {
    const headers = {
      host: EVIL,
      'x-forwarded-host': EVIL,
      forwarded: `host=${EVIL}`,
      'x-original-url': `//${EVIL}`,
    }
    const reply = await house.request({ method: 'GET', url, headers })
    const { location, refresh } = reply.headers
    expect(refresh, url).toBeUndefined()
    if (location !== undefined) expect(new URL(String(location), own).origin, url).toBe(own)
    expect(JSON.stringify(reply.headers), url).not.toContain(EVIL)
    if (String(reply.headers['content-type']).startsWith('text/html'))
      expect(reply.text, url).not.toMatch(/http-equiv/i)
  }
})
