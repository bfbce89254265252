/** Where somebody speaks from, as a session remembers it. */
export interface Whereabouts {
  address: string
  userAgent: string | null
}

/** Who signs in; an operator of one account or of several. */
export interface Person {
  id: string
  name: string
  email: string
  isEmailVerified: boolean
  hasSecondFactor: boolean
  createdAt: Date
}

/** One signing in that has not ended. */
export interface Session {
  id: string
  personId: string
  address: string | null
  userAgent: string | null
  createdAt: Date
  /** When it was last prolonged: it is looked at again once a day. */
  updatedAt: Date
  expiresAt: Date
}

/** `cookies` are whole `Set-Cookie` lines for a browser; programs that hold the session's id need none of them. */
export interface SignedIn {
  kind: 'signed_in'
  person: Person
  session: Session
  cookies: string[]
}

/** The password was right and is not enough: the cookies name the attempt that waits for a code. */
export interface SecondFactorWanted {
  kind: 'second_factor'
  cookies: string[]
}

export interface PasswordSignIn {
  email: string
  password: string
  /** Whether the session outlives the browser. */
  isRemembered: boolean
  /** How long a program's session lasts; a browser's is prolonged as it is used. */
  lifeMs?: number
}

/** What it takes to show codes, told once. */
export interface SecondFactorOffer {
  /** `otpauth://totp/…`, as authenticator apps read it. */
  uri: string
  recoveryCodes: string[]
}

/** A link to choose another password, for whoever is to be told. */
export interface ResetLink {
  person: Person
  token: string
  /** Tells the audit log. Apart, since that takes longer for somebody than for nobody. */
  tell(): Promise<void>
}

/**
 * The door for people. Refuses `unauthenticated` in the same words and after the same time whether the person, the password or the
 * membership is missing, and `rate_limited` after too many failures of a person or an address. `cookie` is a request's `Cookie` line.
 */
export interface SignIn {
  withPassword(asked: PasswordSignIn, from: Whereabouts): Promise<SignedIn | SecondFactorWanted>
  /** `code` of an authenticator app, or a recovery code, which works once. */
  withCode(asked: { cookie: string; code: string; lifeMs?: number }, from: Whereabouts): Promise<SignedIn>
  /** Who a browser's cookie speaks for; null when it speaks for nobody any more. `cookies` prolong the session. */
  ofCookie(cookie: string): Promise<{ person: Person; session: Session; cookies: string[] } | null>
  ofSession(sessionId: string): Promise<{ person: Person; session: Session } | null>
  /** Newest first. */
  sessions(personId: string): Promise<Session[]>
  /** False when the person has no such session. */
  end(personId: string, sessionId: string, from: Whereabouts): Promise<boolean>
  endAll(personId: string, except: string | null): Promise<void>
  /** `Set-Cookie` lines that make a browser forget. */
  forgetting(): string[]
  /** Refuses `invalid` (field `currentPassword`, `newPassword`). Ends every other session. */
  changePassword(
    person: Person,
    asked: { currentPassword: string; newPassword: string; sessionId: string },
    from: Whereabouts,
  ): Promise<void>
  /** Null for nobody, after the same time. */
  requestReset(email: string, from: Whereabouts): Promise<ResetLink | null>
  /** Refuses `invalid` (field `token`, `newPassword`). Ends every session. */
  reset(asked: { token: string; newPassword: string }, from: Whereabouts): Promise<void>
  offerSecondFactor(cookie: string, password: string): Promise<SecondFactorOffer>
  /** The first right code switches the second factor on. The session goes on under another name: `cookies` carry it. */
  confirmSecondFactor(
    asked: { cookie: string; code: string },
    from: Whereabouts,
  ): Promise<{ cookies: string[] }>
  removeSecondFactor(
    asked: { cookie: string; password: string },
    from: Whereabouts,
  ): Promise<{ cookies: string[] }>
  renewRecoveryCodes(cookie: string, password: string): Promise<string[]>
  /** Null without a provider. */
  singleSignOn: SingleSignOn | null
}

/** Signing in at an OpenID Connect provider. */
export interface SingleSignOn {
  name: string
  /** Where to send the browser, and the cookies that know it again. */
  begin(): Promise<{ url: string; cookies: string[] }>
  /** `url` is the one the provider sent the browser to. Refuses `unauthenticated`. */
  finish(asked: { url: string; cookie: string }, from: Whereabouts): Promise<SignedIn | SecondFactorWanted>
}

/** Refresh tokens of programs: each works once; a second use ends its session. */
export interface RefreshTokens {
  issue(sessionId: string, lifeMs: number): Promise<string>
  /** The session and the next token. Refuses `unauthenticated`; `reason` is `reused` when the token was used before. */
  rotate(token: string): Promise<{ sessionId: string; refreshToken: string }>
}
