/** Asked many times, done once; asked again when it failed. */
export function once<Output>(work: () => Promise<Output>): () => Promise<Output> {
  let done: Promise<Output> | null = null
  return () => {
    done ??= work().catch((error: unknown) => {
      done = null
      throw error
    })
    return done
  }
}
