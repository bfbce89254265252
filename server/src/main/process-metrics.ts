import { readdir } from 'node:fs/promises'
import { constants, monitorEventLoopDelay, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, type Registry } from './prometheus.ts'

/** What this process uses, read when somebody asks. The names are those that dashboards for Node know. */
export interface ProcessMetrics {
  read(): Promise<void>
  /** Ends what watches the process. */
  close(): void
}

/** A finer clock would wake an idle server more often. */
const LAG_RESOLUTION_MS = 20
const GC_BUCKETS = [0.001, 0.01, 0.1, 1]
const GC_KINDS = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
])

/** Watching begins with the first reading, so that whoever is never asked pays nothing. */
export function createProcessMetrics(registry: Registry): ProcessMetrics {
  const read = [...readersOfUse(registry), readerOfFiles(registry)]
  const watches = [watchLoop(registry), watchCollections(registry)]
  /** Or over: what was closed is not watched again. */
  let isWatched = false
  return {
    read: async () => {
      if (!isWatched) for (const watch of watches) watch.begin()
      isWatched = true
      for (const reader of read) await reader()
    },
    close: () => {
      isWatched = true
      for (const watch of watches) watch.end()
    },
  }
}

type Reader = () => Promise<void> | void

type Delay = ReturnType<typeof monitorEventLoopDelay>

interface Watch {
  begin(): void
  end(): void
}

function readersOfUse(registry: Registry): Reader[] {
  const registers = [registry]
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  const counter = (name: string, help: string) => new Counter({ name, help, registers })
  const user = counter('process_cpu_user_seconds_total', 'Total user CPU time spent in seconds.')
  const system = counter('process_cpu_system_seconds_total', 'Total system CPU time spent in seconds.')
  const total = counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.')
  const resident = gauge('process_resident_memory_bytes', 'Resident memory size in bytes.')
  const heap = gauge('nodejs_heap_size_total_bytes', 'Process heap size from Node.js in bytes.')
  const used = gauge('nodejs_heap_size_used_bytes', 'Process heap size used from Node.js in bytes.')
  const external = gauge('nodejs_external_memory_bytes', 'Node.js external memory size in bytes.')
  const start = gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.')
  const version = new Gauge({
    ...{ name: 'nodejs_version_info', help: 'Node.js version info.', registers },
    labelNames: ['version'],
  })
  start.set(performance.timeOrigin / 1000)
  version.set({ version: process.version }, 1)
  const readCpu = () => {
    const spent = process.cpuUsage()
    advance(user, spent.user / 1e6)
    advance(system, spent.system / 1e6)
    advance(total, (spent.user + spent.system) / 1e6)
  }
  const readMemory = () => {
    const memory = process.memoryUsage()
    resident.set(memory.rss)
    heap.set(memory.heapTotal)
    used.set(memory.heapUsed)
    external.set(memory.external)
  }
  return [readCpu, readMemory]
}

/** The process counts these itself. */
function advance(counter: InstanceType<typeof Counter>, total: number): void {
  counter.reset()
  counter.inc(total)
}

function readerOfFiles(registry: Registry): Reader {
  const help = 'Number of open file descriptors.'
  const open = new Gauge({ name: 'process_open_fds', help, registers: [registry] })
  return async () => {
    try {
      open.set((await readdir('/proc/self/fd')).length)
    } catch {
      // Only Linux tells.
      open.reset()
    }
  }
}

function watchLoop(registry: Registry): Watch {
  const help = 'Delay of the event loop since the last scrape.'
  let delay: Delay | undefined
  const lag = (name: string, read: (delay: Delay) => number) =>
    new Gauge({
      ...{ name: `nodejs_eventloop_lag_${name}_seconds`, help, registers: [registry] },
      collect() {
        this.set(delay && delay.count > 0 ? Math.max(0, read(delay) / 1e9) : 0)
      },
    })
  lag('mean', ({ mean }) => mean)
  lag('p50', (seen) => seen.percentile(50))
  lag('p90', (seen) => seen.percentile(90))
  lag('p99', (seen) => seen.percentile(99))
  lag('max', (seen) => {
    const { max } = seen
    seen.reset()
    return max
  })
  return {
    begin: () => {
      delay = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS })
      delay.enable()
    },
    end: () => delay?.disable(),
  }
}

type Collection = PerformanceEntry & { detail: { kind: number } }

function watchCollections(registry: Registry): Watch {
  const durations = new Histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Garbage collection duration by kind, since the first scrape.',
    labelNames: ['kind'],
    buckets: GC_BUCKETS,
    registers: [registry],
  })
  const observer = new PerformanceObserver((list) => {
    for (const { duration, detail } of list.getEntries() as Collection[])
      durations.observe({ kind: GC_KINDS.get(detail.kind) ?? 'other' }, duration / 1000)
  })
  return {
    begin: () => observer.observe({ entryTypes: ['gc'] }),
    end: () => observer.disconnect(),
  }
}
