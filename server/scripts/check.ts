// `npm run check`: every rule a machine can hold us to. All steps run, two at a time; failures are told at the end.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'

interface Step {
  name: string
  command: string
  args: string[]
}

interface Outcome {
  step: Step
  isGood: boolean
  output: string
}

const ROOT = join(import.meta.dirname, '../..')
const BIN = join(ROOT, 'node_modules/.bin')
const CONTRACTS = 'server/scripts/contracts.ts'

/** The longest first, so that two at a time end together. */
const STEPS: Step[] = [
  { name: 'types', command: 'tsc', args: ['--noEmit', '-p', 'server'] },
  { name: 'format', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings', '.'] },
  { name: 'types of e2e', command: 'tsc', args: ['--noEmit', '-p', 'e2e'] },
  { name: 'types of bench', command: 'tsc', args: ['--noEmit', '-p', 'bench'] },
  {
    name: 'import law',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.cjs', 'server', 'widget'],
  },
  // Three times: the core sees no DOM, the widget no Node, its build and tests see both.
  { name: 'types of core', command: 'tsc', args: ['--noEmit', '-p', 'widget/src/core'] },
  { name: 'types of widget', command: 'tsc', args: ['--noEmit', '-p', 'widget'] },
  { name: 'its tests, build', command: 'tsc', args: ['--noEmit', '-p', 'widget/tests'] },
  ...(existsSync(join(ROOT, CONTRACTS))
    ? [{ name: 'contracts', command: 'node', args: [CONTRACTS, '--check'] }]
    : []),
]

async function run(step: Step): Promise<Outcome> {
  const started = performance.now()
  const child = spawn(join(BIN, step.command), step.args, {
    cwd: ROOT,
    // The tools are scripts for whichever `node` comes first: ours, not the system's older one.
    env: { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH}`, FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(16)}${seconds.padStart(5)} s`)
  return { step, isGood: code === 0, output: `${stdout}${stderr}`.trim() }
}

async function runAll(): Promise<Outcome[]> {
  const waiting = [...STEPS]
  const outcomes: Outcome[] = []
  const takeTurns = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) outcomes.push(await run(step))
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(availableParallelism(), 4)) }, takeTurns))
  return outcomes
}

const failures = (await runAll()).filter(({ isGood }) => !isGood)
for (const { step, output } of failures) {
  console.log(`\n${step.name}: ${step.command} ${step.args.join(' ')}\n\n${output}`)
}
process.exitCode = failures.length === 0 ? 0 : 1
