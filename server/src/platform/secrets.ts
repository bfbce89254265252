import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isStrongSecret, type Config } from './config.ts'
import { StartError } from './start-error.ts'
import { createFileOnce } from './write-file.ts'

const IV_BYTES = 12
const TAG_BYTES = 16

/** The server's root secret: PARLEY_SECRET, or a random one made once and kept in `<dataDir>/secret`. */
export async function loadSecret(config: Pick<Config, 'secret' | 'dataDir'>): Promise<string> {
  if (config.secret !== null) return config.secret
  const path = join(config.dataDir, 'secret')
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  await createFileOnce(path, randomToken(32), 0o600)
  const text = (await readFile(path, 'utf8')).trim()
  // An empty or cut file must stop the start: signing with a guessable key would look like success.
  if (!isStrongSecret(text)) throw new StartError(`${path} does not hold a secret of at least 32 characters`)
  if ((await stat(path)).mode & 0o077) await chmod(path, 0o600)
  return text
}

/** A key of its own for each purpose, so that what one signs or seals means nothing to another. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'parley', purpose, 32))
}

/** Encrypts and authenticates (AES-256-GCM); base64url of nonce, tag and ciphertext. */
export function seal(text: string, key: Buffer): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
}

/** What `seal` was given, or null for anything this key did not seal. */
export function unseal(sealed: string, key: Buffer): string | null {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < IV_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  try {
    const body = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES))
    return Buffer.concat([body, decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/** An unguessable text of `bytes` random bytes, base64url. */
export function randomToken(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
