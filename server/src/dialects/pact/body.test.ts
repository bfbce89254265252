import { assert, property, string, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DomainError } from '../../domain/errors.ts'
import { parseBody, parseFields, parseForm, parseQuery } from './body.ts'

const body = (text: string, type = 'application/json') => parseBody(Buffer.from(text), type)

describe('parseBody', () => {
  test('reads JSON and forms by what they are, not by what they are called', () => {
    expect(body('{"note":"a"}')).toEqual({ note: 'a' })
    expect(body('{"note":"a"}', '')).toEqual({ note: 'a' })
    expect(body(' {"note":"a"}', 'application/x-www-form-urlencoded')).toEqual({ note: 'a' })
    expect(body('assignee_id=42')).toEqual({ assignee_id: '42' })
    expect(body('assignee_id=42', '')).toEqual({ assignee_id: '42' })
    expect(body('', 'application/json')).toEqual({})
    expect(body('  ', 'application/json')).toEqual({})
  })

  test.each(['{"a"', '[1,2]', '"a=b"', '42', 'null', 'true', '%', '=x'])('refuses %s as JSON', (text) => {
    expect(() => body(text)).toThrow(DomainError)
  })

  test('bytes that are not UTF-8 are refused', () => {
    expect(() => parseBody(Buffer.from([0x61, 0x3d, 0xc3, 0x28]), '')).toThrow('UTF-8')
  })

  test('answers or refuses whatever comes', () => {
    assert(
      property(uint8Array(), string(), (bytes, type) => {
        try {
          expect(parseBody(Buffer.from(bytes), type)).toBeTypeOf('object')
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError)
        }
      }),
    )
  })
})

describe('forms', () => {
  test('arrays and nests in brackets', () => {
    expect(parseForm('ids[]=1&ids[]=2')).toEqual({ ids: ['1', '2'] })
    expect(parseForm('ids%5B%5D=1')).toEqual({ ids: ['1'] })
    const template = parseForm('template[id]=x&template[parameters][]=a').template
    expect(JSON.parse(JSON.stringify(template))).toEqual({ id: 'x', parameters: ['a'] })
    expect(parseQuery('/p1/companies?from=a+b&per=2')).toEqual({ from: 'a b', per: '2' })
    expect(parseQuery('/p1/companies')).toEqual({})
    const fields: [string, string][] = [
      ['note', 'a&b=c+d'],
      ['metadata[data][width]', '3'],
    ]
    expect(parseFields(fields).note).toBe('a&b=c+d')
  })

  test('no key reaches a prototype, no number makes a long array', () => {
    parseForm('__proto__[polluted]=1&constructor[prototype][polluted]=1&a[__proto__][polluted]=1')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Array.isArray(parseForm('ids[999999999]=1').ids)).toBe(false)
    expect(JSON.stringify(parseForm(`a${'[b]'.repeat(1000)}=1`)).length).toBeLessThan(4000)
  })
})
