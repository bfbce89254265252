const MARK = /^\(\d+\) /

/** "(2) Title" while nobody looks. The title stays the site's: it may change it meanwhile. */
export function showInTitle(unread: number): void {
  const own = document.title.replace(MARK, '')
  const wanted = unread > 0 && document.hidden ? `(${unread}) ${own}` : own
  if (wanted !== document.title && (unread > 0 || MARK.test(document.title))) document.title = wanted
}

export function pageNow(): { url: string; title: string } {
  return { url: location.href.slice(0, 2000), title: document.title.replace(MARK, '').slice(0, 300) }
}
