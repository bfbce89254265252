import type { Credentials } from './credentials.ts'
import type { Files } from './files.ts'
import type { House } from './house.ts'
import type { KeptAnswers } from './kept-answers.ts'

/** What every dialect is handed when it is mounted. */
export interface Door {
  house: House
  credentials: Credentials
  answers: KeptAnswers
  files: Files
  /** `https://host[:port]`, without a slash at the end; known once the server listens or is configured. */
  publicOrigin(): string
}
