import { isIP } from 'node:net'

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i

// How texts of the environment are read; undefined for whatever is none of the kind.

export const any = (text: string) => text
export const host = (text: string) => (isIP(text) || HOST_NAME.test(text) ? text : undefined)
export const boolean = (text: string) =>
  ({ true: true, '1': true, false: false, '0': false })[text.toLowerCase()]

export function integer(least: number, most: number) {
  return (text: string) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most ? value : undefined
  }
}

/** A number above 0, with or without a fraction. */
export function factor(most: number) {
  return (text: string) => {
    const value = /^\d{1,6}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN
    return value > 0 && value <= most ? value : undefined
  }
}

export function oneOf<T extends string>(words: readonly T[]) {
  return (text: string) => words.find((word) => word === text.toLowerCase())
}

export function listOf<T>(parse: (text: string) => T | undefined) {
  return (text: string): T[] | undefined => {
    const items = text.split(',').map((item) => parse(item.trim()))
    const understood = items.filter((item) => item !== undefined)
    return understood.length === items.length ? understood : undefined
  }
}

export function origin(text: string): string | undefined {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined
  return url.pathname === '/' && !url.search && !url.hash ? url.origin : undefined
}

export function postgresUrl(text: string): string | undefined {
  const url = URL.parse(text)
  return url && /^postgres(ql)?:$/.test(url.protocol) ? text : undefined
}

export function smtpUrl(text: string): string | undefined {
  const url = URL.parse(text)
  return url && /^smtps?:$/.test(url.protocol) && url.hostname ? text : undefined
}

export const mailAddress = (text: string) => (/^[^\s<>@,;]+@[^\s<>@,;]+$/.test(text) ? text : undefined)

/** Only this machine may be asked without TLS. */
export function issuerUrl(text: string): string | undefined {
  const url = URL.parse(text)
  const isHere = url?.protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname)
  return url && (url.protocol === 'https:' || isHere) && !url.username ? text : undefined
}

/** Trusting every address would let every client name its own. */
export function proxy(text: string): string | undefined {
  if (isIP(text)) return text
  return /\/0+$/.test(text) ? undefined : cidr(text)
}

function cidr(text: string): string | undefined {
  const [, network = '', prefix] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text) ?? []
  const width = { 4: 32, 6: 128 }[isIP(network)] ?? -1
  return Number(prefix) <= width ? text : undefined
}

export function fetchTarget(text: string): string | undefined {
  if (text.includes('/')) return cidr(text)
  const place = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text)
  if (!place || integer(1, 65_535)(place[3] ?? '') === undefined) return undefined
  const known = place[1] === undefined ? host(place[2] ?? '') : isIP(place[1]) === 6
  return known ? text.toLowerCase() : undefined
}
