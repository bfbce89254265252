import type { Probe } from './probing.ts'

function nested(levels: number): unknown {
  let value: unknown = 'deep'
  for (let level = 0; level < levels; level += 1) value = { a: value }
  return value
}

/** What no field may take badly. Some are fine for some fields; then they are answered, never with a 500. */
export const BAD_VALUES: unknown[] = [
  ...[null, true, -1, 0, 1.5, 1e300, 2 ** 53, 99_999_999_999_999_999_999n.toString()],
  ...['', ' ', '\u0000', 'a\u0000b', '\ud800', 'x'.repeat(10_000), '9'.repeat(400), '-1', '0x10', '1e3'],
  ...["'; drop table message; --", '../../etc/passwd', '%00', '{{x}}', '\u202e', '__proto__'],
  ...[[], [3], [null], ['a', ['b']], {}, { $gt: 0 }, nested(100)],
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
]

const BAD_SEGMENTS = [
  '0',
  '-1',
  '1.5',
  'x',
  '%00',
  '%ed%a0%80',
  '9'.repeat(40),
  '%7B%22$gt%22:0%7D',
  'a'.repeat(300),
]

/** Every request that bends one thing of a sample. */
export function* bent(probe: Probe): Generator<[string, Probe]> {
  for (const field of Object.keys(probe.body ?? {}))
    for (const value of BAD_VALUES)
      yield [`body ${field}`, { ...probe, body: { ...probe.body, [field]: value } }]
  for (const field of Object.keys(probe.query))
    for (const value of BAD_VALUES)
      yield [`query ${field}`, { ...probe, query: { ...probe.query, [field]: value } }]
  const segments = probe.path.split('/')
  for (const [index, segment] of segments.entries()) {
    if (!/\d/.test(segment) || /^(p1|v1)$/.test(segment)) continue
    for (const bad of BAD_SEGMENTS)
      yield [`path ${index}`, { ...probe, path: segments.with(index, bad).join('/') }]
  }
}
