import { defineConfig } from 'vitest/config'
import { LongestFirst } from './tests/longest-first.ts'

/** What looks at the process it runs in, changes it, or leaves lost connections behind: each gets a new one. */
const ALONE = [
  'src/main/metrics.test.ts',
  'src/platform/ids.test.ts',
  'src/platform/media/pictures.test.ts',
  'src/platform/safe-fetch/*.test.ts',
  'src/platform/shutdown.test.ts',
  'src/storage/blobs/disk-blobs.test.ts',
  'tests/faults/*.test.ts',
  'tests/law/regexes.test.ts',
  'tests/law/slow-clients.test.ts',
  'tests/live/sockets.test.ts',
]

const patience = { testTimeout: 60_000, hookTimeout: 60_000 }

/**
 * All other files follow each other in the same two processes. To read the server's modules and to compile what
 * runs often is done there once, not once a file: that was a third of the run.
 */
export default defineConfig({
  test: {
    globalSetup: ['tests/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { name: 'alone', include: ALONE, isolate: true, ...patience } },
      {
        test: {
          name: 'together',
          include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ALONE,
          isolate: false,
          ...patience,
        },
      },
    ],
  },
})
