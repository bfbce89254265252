import { expect, test } from 'vitest'
import { createTargetCheck } from './check-target.ts'

const NAMES: Record<string, string[]> = {
  'hooks.example': ['93.184.216.34'],
  'inside.example': ['10.0.0.7'],
  'half.example': ['93.184.216.34', '127.0.0.1'],
}
const lookup = async (name: string) => {
  const found = NAMES[name]
  if (!found) throw new Error('unknown')
  return found
}

test('a name is judged by all its addresses, a literal by itself', async () => {
  const whyNot = createTargetCheck({ allow: [], lookup })
  expect(await whyNot('https://hooks.example/a')).toBeNull()
  expect(await whyNot('https://inside.example/a')).toBe('The address may not be reached')
  expect(await whyNot('https://half.example/a')).toBe('The address may not be reached')
  expect(await whyNot('https://127.0.0.1/a')).toBe('The address may not be reached')
  expect(await whyNot('https://hooks.example:22/a')).toBe('The URL may not be fetched')
  expect(await whyNot('file:///etc/passwd')).toBe('The URL may not be fetched')
})

test('what the owner of the server opened is open', async () => {
  const whyNot = createTargetCheck({ allow: ['inside.example:8080', '10.1.0.0/16'], lookup })
  expect(await whyNot('http://inside.example:8080/')).toBeNull()
  expect(await whyNot('http://inside.example/')).not.toBeNull()
  expect(await whyNot('http://10.1.2.3:9000/')).toBeNull()
})

test('a name that nobody knows yet may come to be, also when nobody answers', async () => {
  expect(await createTargetCheck({ allow: [], lookup })('https://new.example/')).toBeNull()
})
