import { describe, expect, test } from 'vitest'
import { acceptAgentUpdate, acceptAssignAgent, acceptFile, acceptNewAgent, acceptText } from './accept.ts'
import { tokenOf } from './auth.ts'

const id = '0198c0de-0000-7000-8000-00000000abcd'
const agentId = '0198c0de-0000-7000-8000-00000000ef01'
const request = (body: unknown) => ({ params: { id: id.toUpperCase() }, body })

test('assign-agent takes the conversation for the agent', () => {
  expect(acceptAssignAgent(request({ agentId: agentId.toUpperCase() }))).toEqual({
    conversation: { id },
    to: { operator: { id: agentId } },
    manner: 'take',
  })
})

test('a text is the end user’s unless an agent is named', () => {
  const spoken = { conversation: { id }, content: { kind: 'text', text: ' Hi ' }, id: undefined }
  expect(acceptText(request({ text: ' Hi ' }))).toEqual({ ...spoken, speaker: { contact: true } })
  expect(acceptText(request({ text: ' Hi ', agentId }))).toEqual({
    ...spoken,
    speaker: { operator: { id: agentId } },
  })
})

test('a file is named by its URL', () => {
  const file = 'https://example.com/a.png'
  expect(acceptFile(request({ file, uuid: agentId }))).toMatchObject({ url: file, id: agentId })
})

describe('agents', () => {
  test('numbers and flags as services send them', () => {
    const facts = { serviceUserId: 12, name: ' Mia ', active: '0', avatar: '' }
    expect(acceptNewAgent(request(facts))).toEqual({
      externalId: '12',
      name: 'Mia',
      status: undefined,
      isActive: false,
      avatarUrl: null,
    })
  })

  test('what is not said stays', () => {
    expect(acceptAgentUpdate(request({ status: 'offline' }))).toEqual({
      operator: { id },
      externalId: undefined,
      name: undefined,
      status: 'offline',
      isActive: undefined,
      avatarUrl: undefined,
    })
  })
})

test.each([
  [undefined, ''],
  [' abc ', 'abc'],
  ['Bearer abc', 'abc'],
  ['bearer   abc', 'abc'],
  ['Bearer', ''],
  ['bearerabc', 'bearerabc'],
])('token of %j', (header, token) => {
  expect(tokenOf(header)).toBe(token)
})
