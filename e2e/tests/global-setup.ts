import type { TestProject } from 'vitest/node'
import { openProgram, type Running } from './program.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    program: Running
  }
}

/** One demo for all files that do it no harm. */
export default async function setUp(project: TestProject): Promise<() => PromiseLike<void>> {
  const program = await openProgram()
  const { origin, port, account, widgetKey } = program
  project.provide('program', { origin, port, account, widgetKey })
  return () => program[Symbol.asyncDispose]()
}
