import type { Picked } from '../core/ports.ts'

export function pickedFrom(files: FileList): Picked[] {
  return [...files].map((file) => ({
    name: file.name,
    size: file.size,
    mimeType: file.type,
    content: file,
  }))
}
