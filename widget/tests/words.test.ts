import { describe, expect, test } from 'vitest'
import { createTimes, backAt } from '../src/view/times.ts'
import { createSay, LANGUAGES, loadWords, localeOf, pickLanguage } from '../src/view/words.ts'
import { en, type WordKey } from '../src/view/words/en.ts'

const keys = Object.keys(en).sort() as WordKey[]
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort()

describe.each(LANGUAGES)('%s', (language) => {
  test('has every word, with the same things to fill in', async () => {
    const words = await loadWords(language)
    expect(Object.keys(words).sort()).toEqual(keys)
    for (const key of keys) {
      const [ours, english] = [words[key], en[key]]
      expect(typeof ours, key).toBe(typeof english)
      if (typeof ours === 'string') expect(holes(ours), key).toEqual(holes(String(english)))
      if (language !== 'en' && key !== 'emoji' && key !== 'online') expect(ours, key).not.toEqual(english)
    }
  })

  test('has a form for every kind of number it knows', async () => {
    const words = await loadWords(language)
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
    for (const key of keys) {
      const word: unknown = words[key]
      if (typeof word !== 'object' || word === null) continue
      expect(Object.keys(word).sort(), key).toEqual([...pluralCategories].sort())
      for (const form of Object.values(word)) expect(holes(String(form)), key).toEqual(['{n}'])
    }
  })

  test('shouts at nobody', async () => {
    const all = JSON.stringify(await loadWords(language))
    expect(all).not.toMatch(/[!¡]/)
    expect(all).not.toMatch(/\b(?:oops|please|por favor)\b|пожалуйста/i)
  })
})

test('numbers choose their form', async () => {
  const say = createSay(await loadWords('ru'), 'ru')
  expect([1, 2, 5, 21].map((n) => say('pill', { n }))).toEqual([
    '1 новое сообщение',
    '2 новых сообщения',
    '5 новых сообщений',
    '21 новое сообщение',
  ])
})

test('the page’s language comes first, then the reader’s, then English', () => {
  expect(pickLanguage(['ru', 'en'])).toBe('ru')
  expect(pickLanguage(['', 'pt-PT'])).toBe('pt-BR')
  expect(pickLanguage(['pt_BR'])).toBe('pt-BR')
  expect(pickLanguage(['de', 'es-MX'])).toBe('es')
  expect(pickLanguage(['de', 'xx'])).toBe('en')
  expect(pickLanguage([])).toBe('en')
})

test('dates follow the reader’s variety of the language, if it has a name', () => {
  expect(localeOf('en', ['de', 'en-GB', 'en-US'])).toBe('en-GB')
  expect(localeOf('en', ['en-US@posix'])).toBe('en')
  expect(localeOf('ru', ['en-GB'])).toBe('ru')
})

describe('times', () => {
  const now = new Date(2026, 10, 21, 12).getTime()
  const times = createTimes('en-GB', () => now)
  const hours = (days: number, hour: number) => new Date(2026, 10, 21 + days, hour).getTime()

  test('days are named as people name them', () => {
    expect(times.day(hours(0, 1))).toBe('Today')
    expect(times.day(hours(-1, 23))).toBe('Yesterday')
    expect(times.day(hours(-5, 9))).toBe('Monday 16 November')
    expect(times.day(hours(-400, 9))).toBe('17 October 2025')
  })

  test('sizes have the unit they deserve', () => {
    expect([0, 900, 148_213, 12_345_678].map(times.size)).toEqual([
      '0 bytes',
      '900 bytes',
      '148 kB',
      '12.3 MB',
    ])
  })

  test('who is away says when they are back, by the reader’s own clock', async () => {
    const say = createSay(en, 'en')
    const back = (at: number) => backAt(at, now, { say, locale: 'en-GB' })
    expect(back(hours(0, 15))).toBe('Back today at 15:00')
    expect(back(hours(1, 9))).toBe('Back tomorrow at 09:00')
    expect(back(hours(2, 9))).toBe('Back on Monday at 09:00')
    expect(back(hours(12, 9))).toBe('Back on 3 December at 09:00')
    const russian = createSay(await loadWords('ru'), 'ru')
    expect(backAt(hours(2, 9), now, { say: russian, locale: 'ru' })).toBe(
      'Снова на связи: понедельник, 09:00',
    )
  })
})
