import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { render } from './render.ts'

const FIXTURES = join(import.meta.dirname, 'fixtures')
const read = (file: string) => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8'))
const cases = readdirSync(FIXTURES).flatMap((file) => /^(.+)\.rendered\.json$/.exec(file)?.[1] ?? [])

test.each(cases)('%s', (name) => {
  expect(render(read(`${name}.json`))).toEqual(read(`${name}.rendered.json`))
})
