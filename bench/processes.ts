import { readdirSync, readFileSync } from 'node:fs'

/** The proportional set size of a process, in MB: a page shared by n processes counts as 1/n for each. Linux only. */
export function pssOf(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024
}

/** The pids of a process's children, and of theirs. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map(listProcesses().map((found) => [found.pid, found.parent]))
  const isBelow = (each: number): boolean => {
    const parent = parents.get(each)
    return parent !== undefined && (parent === pid || isBelow(parent))
  }
  return [...parents.keys()].filter(isBelow)
}

function listProcesses(): { pid: number; parent: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // The name in parentheses may hold anything, so the fields are counted from its end.
        const afterName = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1) ?? ''
        return [{ pid: Number(name), parent: Number(afterName.split(' ')[1]) }]
      } catch {
        return []
      }
    })
}
