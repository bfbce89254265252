import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** A part that is fetched when it is first shown; nothing until then, and nothing if it does not come. */
export function usePart<Props>(
  isWanted: boolean,
  fetchPart: () => Promise<ComponentType<Props>>,
): ComponentType<Props> | null {
  const [part, setPart] = useState<{ Part: ComponentType<Props> } | null>(null)
  useEffect(() => {
    if (isWanted && part === null)
      void fetchPart().then(
        (Part) => setPart({ Part }),
        () => {},
      )
  }, [isWanted])
  return isWanted ? (part?.Part ?? null) : null
}
