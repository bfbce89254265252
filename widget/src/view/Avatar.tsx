import { useState } from 'preact/hooks'
import { hueOf, initialsOf } from '../core/colors.ts'
import type { Face } from '../core/protocol.ts'

/** A picture, or initials on a colour of their own. */
export function Avatar({ face, size = 28 }: { face: Face; size?: number }) {
  const [isBroken, setBroken] = useState(false)
  const { avatarUrl, id, name } = face
  const style = { '--size': `${size}px`, '--hue': hueOf(id ?? name ?? '') }
  return (
    <span class="avatar" style={style} aria-hidden="true">
      {avatarUrl !== null && !isBroken ? (
        <img src={avatarUrl} alt="" width={size} height={size} onError={() => setBroken(true)} />
      ) : (
        initialsOf(name ?? '') || '·'
      )}
    </span>
  )
}
