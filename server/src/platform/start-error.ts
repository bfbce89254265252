/** A start that cannot go on for reasons the person at the keyboard can mend: one line per fault, no stack. */
export class StartError extends Error {
  override readonly name: string = 'StartError'
  readonly faults: readonly string[]

  constructor(faults: string | readonly string[], cause?: unknown) {
    const lines = typeof faults === 'string' ? [faults] : faults
    super(lines.join('\n'), { cause })
    this.faults = lines
  }
}
