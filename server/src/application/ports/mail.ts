/** A letter to one person, plain text: nothing in it is anybody else's words. */
export interface Letter {
  to: string
  subject: string
  text: string
}

/** Letters to operators. */
export interface Mail {
  /** Resolves when the mail server took it; rejects when it did not. */
  send(letter: Letter): Promise<void>
}
