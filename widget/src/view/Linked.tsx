import { findLinks } from '../core/links.ts'

/** Words as they are, with what can be opened made so. */
export function Linked({ text }: { text: string }) {
  return (
    <>
      {findLinks(text).map(({ text: words, href }) =>
        href === null ? (
          words
        ) : (
          <a href={href} target="_blank" rel="noopener noreferrer nofollow">
            {words}
          </a>
        ),
      )}
    </>
  )
}
