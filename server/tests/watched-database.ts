import { Pool, type PoolClient } from 'pg'
import { createDatabase, createPool, type Database } from '../src/storage/database.ts'

export interface Asked {
  text: string
  values: unknown[]
}

/** A database that remembers what it is asked, and can tell how it would do it. */
export interface WatchedDatabase extends AsyncDisposable {
  db: Database
  /** What was asked since the last time. */
  take(): Asked[]
  /** Each step of the plan for these values; with `isGeneric`, for any values. */
  planOf(asked: Asked, isGeneric?: boolean): Promise<Step[]>
}

export interface Step {
  node: string
  table: string | null
  index: string | null
}

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  Plans?: PlanNode[]
}

export function watchDatabase(url: string): WatchedDatabase {
  const pool = createPool(url, { max: 1, onError: () => undefined })
  const plain = new Pool({ connectionString: url, max: 1 })
  let asked: Asked[] = []
  const watch = (client: PoolClient) => ({
    query: (text: string, values: unknown[]) => {
      asked.push({ text, values })
      return client.query(text, values)
    },
    release: () => client.release(),
  })
  const watched = { connect: async () => watch(await pool.connect()), end: () => pool.end() }
  return {
    db: createDatabase(watched as unknown as Pool),
    take: () => {
      const taken = asked
      asked = []
      return taken
    },
    planOf: async ({ text, values }, isGeneric = false) => {
      const options = isGeneric ? 'generic_plan, costs off, format json' : 'costs off, format json'
      const { rows } = await plain.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
        `explain (${options}) ${text}`,
        isGeneric ? [] : values,
      )
      return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => stepsOf(Plan)))
    },
    [Symbol.asyncDispose]: async () => {
      await pool.end()
      await plain.end()
    },
  }
}

function stepsOf(node: PlanNode): Step[] {
  const step = {
    node: node['Node Type'],
    table: node['Relation Name'] ?? null,
    index: node['Index Name'] ?? null,
  }
  return [step, ...(node.Plans ?? []).flatMap(stepsOf)]
}
