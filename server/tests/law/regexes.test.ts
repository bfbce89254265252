import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSync } from 'recheck'
import ts from 'typescript'
import { expect, test } from 'vitest'

// The judge of the same name everywhere: not a binary where there is one for the machine.
process.env.RECHECK_BACKEND = 'pure'
process.env.RECHECK_SYNC_BACKEND = 'pure'

const SOURCES = join(import.meta.dirname, '../../src')
/** What the widget matches, it matches in a visitor's browser, against whatever anybody wrote. */
const WIDGET = join(import.meta.dirname, '../../../widget/src')
/** Far above what any of ours takes; a pattern too hard to judge is too hard to keep. */
const JUDGING_MS = 20_000

interface Pattern {
  where: string
  source: string
  flags: string
}

interface Found {
  patterns: Pattern[]
  /** Patterns put together while the program runs, which nobody can judge beforehand. */
  composed: string[]
}

/** What a text of literals and of constants of its file says; undefined when it depends on more. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'String.raw') {
    if (ts.isNoSubstitutionTemplateLiteral(node.template)) return node.template.rawText
    const { head, templateSpans } = node.template
    const spans = templateSpans.map(({ expression, literal }) => [textOf(expression), literal.rawText])
    return spans.flat().includes(undefined) ? undefined : [head.rawText, ...spans.flat()].join('')
  }
  if (!ts.isIdentifier(node)) return undefined
  const constants = node.getSourceFile().statements.filter(ts.isVariableStatement)
  const named = constants.flatMap(({ declarationList }) => [...declarationList.declarations])
  const initializer = named.find(({ name }) => name.getText() === node.text)?.initializer
  return initializer && textOf(initializer)
}

/** Every pattern in a file: literals, texts given to `RegExp`, and `pattern:` of schemas. */
function patternsIn(file: string, folder = SOURCES): Found {
  const tree = ts.createSourceFile(
    file,
    readFileSync(join(folder, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  )
  const found: Found = { patterns: [], composed: [] }
  const add = (node: ts.Node, source: string, flags: string) => {
    const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1
    found.patterns.push({ where: `${file}:${line}`, source, flags })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/')
      add(node, node.text.slice(1, end), node.text.slice(end + 1))
    } else if (
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      node.expression.getText() === 'RegExp'
    ) {
      const [source, flags] = node.arguments ?? []
      const text = source && textOf(source)
      if (text !== undefined) add(node, text, flags && ts.isStringLiteralLike(flags) ? flags.text : '')
      else found.composed.push(`${file}: ${node.getText()}`)
    } else if (ts.isPropertyAssignment(node) && node.name.getText() === 'pattern') {
      if (ts.isStringLiteralLike(node.initializer)) add(node, node.initializer.text, 'u')
      else if (ts.isTemplateExpression(node.initializer)) found.composed.push(`${file}: ${node.getText()}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

const files = readdirSync(SOURCES, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .sort()
const found = files.map((file) => patternsIn(file))

/** How long the worst text takes to match; what is not known to be linear is a fault. */
function faultOf({ where, source, flags }: Pattern): string[] {
  const verdict = checkSync(source, flags, { timeout: JUDGING_MS })
  if (verdict.status === 'safe') return []
  const why = verdict.status === 'vulnerable' ? verdict.complexity.summary : verdict.error.kind
  return [`${where} /${source}/${flags}: ${why}`]
}

test('no pattern of the server can be made slow by what it is matched against', { timeout: 180_000 }, () => {
  const patterns = found.flatMap(({ patterns }) => patterns)
  expect(patterns.length).toBeGreaterThan(100)
  expect(patterns.flatMap(faultOf)).toEqual([])
})

test('no pattern of the widget can, either', { timeout: 120_000 }, () => {
  const sources = readdirSync(WIDGET, { recursive: true }).map(String)
  const inWidget = sources.filter((file) => /\.tsx?$/.test(file)).map((file) => patternsIn(file, WIDGET))
  const patterns = inWidget.flatMap(({ patterns }) => patterns)
  expect(patterns.length).toBeGreaterThan(15)
  expect(patterns.flatMap(faultOf)).toEqual([])
  expect(inWidget.flatMap(({ composed }) => composed)).toEqual([])
})

test('the judge knows a slow pattern when it sees one', () => {
  for (const source of ['^(a+)+$', '^\\s+|\\s+$', '(.*)(.*)x'])
    expect(faultOf({ where: 'here', source, flags: '' }), source).toHaveLength(1)
})

test('patterns are put together at run time in three places, from our own words alone', () => {
  expect(found.flatMap(({ composed }) => composed)).toEqual([
    'dialects/native/ids.ts: new RegExp(`^${PREFIXES[what]}_`)',
    'main/widget-files.ts: new RegExp(String.raw`\\b${name}\\b`)',
    "platform/wrong-method.ts: new RegExp(`^${segments.join('/')}/?$`)",
  ])
})
