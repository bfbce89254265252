import { chance, hash } from './seeded.ts'

/** What people write to shops, the most frequent first. */
const COMMON =
  `the to you i a and is my it for of your in have not we order can on please this be with when hello thank me
are do will but was at so if no yes delivery address parcel size number what thanks just still from that get would like day
today tomorrow arrived received send sent refund return colour payment card email phone name shop open how much any they
there been by or an all one two new old time morning evening good great sorry help problem question answer wait week
month price discount code box store stock blue red green black white small large change cancel wrong right broken missing
track link photo invoice receipt company customer service team soon again already yet never always also could should`
    .split(/\s+/)
    .filter(Boolean)

const STARTS = 'b br c ch cl d dr f fl g gr h j k kl l m n p pr qu r s sh sk st t tr v w z'.split(' ')
const MIDDLES = 'a e i o u ai ea io ou ie'.split(' ')
const ENDS = 'b ck d f g l ll m n nd nt p r rd rn s ss st t x'.split(' ')

const of = (list: string[], number: number) => list[number % list.length] ?? ''
const syllable = (seed: number, part: number) =>
  of(STARTS, hash(seed, part, 1)) + of(MIDDLES, hash(seed, part, 2)) + of(ENDS, hash(seed, part, 3))

/** Words nobody knows, but that look like some: as many as a language has in use. */
const INVENTED = Array.from({ length: 30_000 }, (_, index) =>
  Array.from({ length: 1 + (hash(index, 77) % 3) }, (_, part) => syllable(index, part)).join(''),
)
export const WORDS = [...COMMON, ...INVENTED]

const GIVEN = Array.from({ length: 400 }, (_, index) => capital(syllable(index, 11) + of(MIDDLES, index)))
const FAMILY = Array.from({ length: 8000 }, (_, index) => capital(syllable(index, 21) + syllable(index, 22)))

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** A person's name; a few hundred share each family name when there are a million people. */
export function nameOf(person: number): string {
  return `${of(GIVEN, hash(person, 31))} ${of(FAMILY, hash(person, 32))}`
}

/** Some words of a message: frequent ones far more often than rare ones, a number now and then. */
export function textOf(a: number, b: number): string {
  const length = 2 + Math.floor(22 * chance(a, b, 41) ** 2)
  const words = Array.from({ length }, (_, position) => wordAt(a, b, 50 + position))
  if (chance(a, b, 42) < 0.1) words.push(`#${hash(a, b, 43) % 10_000_000}`)
  return `${capital(words.join(' '))}.`
}

/** By Zipf's law, near enough: the rank is a power of chance. */
function wordAt(a: number, b: number, position: number): string {
  const rank = Math.floor(WORDS.length ** chance(a, b, position)) - 1
  return WORDS[rank] ?? ''
}
