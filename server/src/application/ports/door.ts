import type { AccessTokens } from './access-tokens.ts'
import type { Credentials } from './credentials.ts'
import type { Files } from './files.ts'
import type { House } from './house.ts'
import type { KeptAnswers } from './kept-answers.ts'
import type { Live } from './live.ts'
import type { Memberships } from './memberships.ts'
import type { RequestLimits } from './request-limits.ts'
import type { RefreshTokens, SignIn } from './sign-in.ts'
import type { VisitorCredentials } from './visitor-credentials.ts'

/** What every dialect is handed when it is mounted. */
export interface Door {
  house: House
  credentials: Credentials
  visitors: VisitorCredentials
  limits: Pick<RequestLimits, 'countStranger' | 'countVisitor'>
  answers: KeptAnswers
  signIn: SignIn
  memberships: Memberships
  refreshTokens: RefreshTokens
  accessTokens: AccessTokens
  /** Whether strangers may make accounts of their own. */
  isRegistrationOpen: boolean
  files: Files
  live: Live
  /** `https://host[:port]`, without a slash at the end; known once the server listens or is configured. */
  publicOrigin(): string
}
