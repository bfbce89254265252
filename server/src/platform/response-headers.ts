/**
 * Headers of every answer, those of the HTTP server itself included. A door that serves something else than data puts its own in their
 * place, each with a reason: files (`dialects/files/file-headers.ts`) and the reference (`main/docs.ts`).
 */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
}

/** A browser that has once been here over TLS comes no other way for a year. Said by an origin that is known to have TLS only. */
const TLS_ONLY = { 'strict-transport-security': 'max-age=31536000' }

export function safeHeaders(publicOrigin: string | null): Readonly<Record<string, string>> {
  return publicOrigin?.startsWith('https:') ? { ...SAFE_HEADERS, ...TLS_ONLY } : SAFE_HEADERS
}
