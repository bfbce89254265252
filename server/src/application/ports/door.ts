import type { Credentials } from './credentials.ts'
import type { Files } from './files.ts'
import type { House } from './house.ts'

/** What every dialect is handed when it is mounted. */
export interface Door {
  house: House
  credentials: Credentials
  files: Files
  /** `https://host[:port]`, without a slash at the end; known once the server listens or is configured. */
  publicOrigin(): string
}
