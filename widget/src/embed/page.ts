import type { Page } from '../core/protocol.ts'
import { pageNow } from './title.ts'

/** A page that changes without loading says so nowhere: its history may be anybody's, so it is looked at, and left as it is. */
const LOOK = 2_000

export function watchPage(changed: (page: Page) => boolean): void {
  let last = pageNow()
  const look = () => {
    const page = pageNow()
    if (document.hidden || (page.url === last.url && page.title === last.title)) return
    if (changed(page)) last = page
  }
  setInterval(look, LOOK)
  addEventListener('popstate', look)
}
