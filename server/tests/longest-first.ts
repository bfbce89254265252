import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that run longer than their size tells, the longest first: whichever comes last keeps a process waiting alone. */
const LONG = [
  'tests/faults/start.test.ts',
  'tests/faults/webhook-kills.test.ts',
  'tests/law/regexes.test.ts',
  'tests/law/slow-clients.test.ts',
  'tests/faults/dispatch-failpoints.test.ts',
  'tests/conformance.test.ts',
  'tests/journeys/races.test.ts',
  'tests/journeys/one-conversation.test.ts',
  'tests/dialects/native-bad-input.test.ts',
  'tests/dialects/bad-input.test.ts',
  'tests/storage/list-plans.test.ts',
  'tests/delivery/events-wait.test.ts',
  'tests/law/matrix.test.ts',
  'tests/law/rate-limits.test.ts',
  'tests/people/bad-input.test.ts',
  'tests/people/enumeration.test.ts',
]

const rankOf = ({ moduleId }: TestSpecification) => {
  const rank = LONG.findIndex((file) => moduleId.endsWith(file))
  return rank === -1 ? LONG.length : rank
}

/** Those with a process of their own, then the others; among each, the long ones before the rest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const groupOf = ({ project }: TestSpecification) => (project.config.isolate ? 0 : 1)
    return sorted.sort((a, b) => groupOf(a) - groupOf(b) || rankOf(a) - rankOf(b))
  }
}
