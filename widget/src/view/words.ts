import { en, type Plural, type WordKey, type Words } from './words/en.ts'

export const LANGUAGES = ['en', 'ru', 'pt-BR', 'es'] as const
export type Language = (typeof LANGUAGES)[number]

/** English is at hand; another language is a part of its own. */
const OTHERS: Record<Exclude<Language, 'en'>, () => Promise<Words>> = {
  ru: () => import('./words/ru.ts').then(({ ru }) => ru),
  'pt-BR': () => import('./words/pt-BR.ts').then(({ ptBR }) => ptBR),
  es: () => import('./words/es.ts').then(({ es }) => es),
}

/** The first language asked for that the widget speaks. */
export function pickLanguage(asked: string[]): Language {
  return asked.map(languageOf).find((language) => language !== undefined) ?? 'en'
}

function languageOf(tag: string): Language | undefined {
  const base = (name: string) => name.toLowerCase().split(/[-_]/)[0]
  return LANGUAGES.find((language) => base(language) === base(tag))
}

/** How dates and numbers are written: as the reader's own variety of the language does, if there is one. */
export function localeOf(language: Language, asked: string[]): string {
  const isVariety = (tag: string) => languageOf(tag) === language && isTag(tag)
  return asked.find(isVariety) ?? language
}

/** What browsers and pages call a language is not always the name of one: `en-US@posix`. */
function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0
  } catch {
    return false
  }
}

/** The words of a language; English when they cannot be fetched. */
export async function loadWords(language: Language): Promise<Words> {
  if (language === 'en') return en
  return OTHERS[language]().catch(() => en)
}

export type Say = (key: WordKey, filling?: Record<string, string | number>) => string

export function createSay(words: Words, language: string): Say {
  const rules = new Intl.PluralRules(language)
  return (key, filling = {}) => {
    const word: string | Plural = words[key]
    const form = typeof word === 'string' ? word : (word[rules.select(Number(filling.n))] ?? word.other)
    return form.replace(/\{(\w+)\}/g, (_, name: string) => String(filling[name] ?? ''))
  }
}
