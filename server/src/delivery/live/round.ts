/** After a run that failed. */
const FAILED_MS = 500

/** Something that is done again and again, never twice at once. */
export interface Round extends Disposable {
  /** Has it done once more, if it is under way after that. */
  go(): void
}

/** `run` says whether there is more to do at once. What failed is tried again. */
export function createRound(run: () => Promise<boolean>, onBug: (error: unknown) => void): Round {
  let isWanted = false
  let isRunning = false
  let isOver = false
  let timer: NodeJS.Timeout | null = null

  async function runOn(): Promise<void> {
    isRunning = true
    try {
      while (isWanted) {
        isWanted = false
        if (!isOver && (await run())) isWanted = true
      }
    } catch (error) {
      onBug(error)
      if (!isOver) timer = setTimeout(go, FAILED_MS).unref()
    }
    isRunning = false
  }

  function go(): void {
    if (timer) clearTimeout(timer)
    timer = null
    isWanted = true
    if (!isRunning && !isOver) void runOn()
  }

  return {
    go,
    [Symbol.dispose]: () => {
      isOver = true
      if (timer) clearTimeout(timer)
    },
  }
}
