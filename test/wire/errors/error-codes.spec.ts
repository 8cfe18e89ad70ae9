import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import type { ErrorKind } from '#kernel'
import { statusOf } from '#rest'

const root = join(import.meta.dirname, '../../..')

/** A code and a status that it's sent with. */
type Sent = readonly [code: string, status: number]

/** Errors that no `DomainError` stands behind: their statuses are in the code beside them. */
const literalStatuses: Readonly<Record<string, readonly number[]>> = {
  internal: [500],
  'request.malformed': [400, 431],
}

// the codes of wac-core's stand-in are wac-core's, not kitter's
const sources = globSync('{libs,apps/{kitter,cli}}/**/*.ts', { cwd: root })
  .filter((path) => !/\.(spec|contract|fixture)\.ts$/.test(path))
  .toSorted()

function parsed(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true)
}

function nodesIn(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = []
  ts.forEachChild(node, (child) => {
    children.push(child, ...nodesIn(child))
  })
  return children
}

/** What `new DomainError(kind, code, …)` says, and `super(kind, code, …)` in a class of such errors. */
function thrownIn(source: ts.SourceFile): Sent[] {
  return nodesIn(source)
    .filter((node) => ts.isNewExpression(node) || ts.isCallExpression(node))
    .filter(isDomainError)
    .flatMap(({ arguments: [kind, code] = [] }) => {
      const codes = code === undefined ? [] : codesOf(code)
      if (kind === undefined || !ts.isStringLiteral(kind) || codes.length === 0) {
        throw new Error(`${source.fileName}: a DomainError's kind and code must be literals`)
      }
      return codes.map((each): Sent => [each, statusOf(kind.text as ErrorKind)])
    })
}

function isDomainError(node: ts.NewExpression | ts.CallExpression): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'DomainError'
  if (node.expression.kind !== ts.SyntaxKind.SuperKeyword) return false
  const clauses = ts.findAncestor(node, ts.isClassLike)?.heritageClauses ?? []
  return clauses.some(({ types }) => types.some(({ expression }) => expression.getText() === 'DomainError'))
}

/** A literal, or a constructor's parameter whose type lists them: otherwise nobody could list the codes. */
function codesOf(code: ts.Expression): readonly string[] {
  if (ts.isStringLiteral(code)) return [code.text]
  const constructor = ts.findAncestor(code, ts.isConstructorDeclaration)
  const type = constructor?.parameters.find(({ name }) => name.getText() === code.getText())?.type
  const choices: readonly ts.TypeNode[] = type !== undefined && ts.isUnionTypeNode(type) ? type.types : []
  const codes = choices.map((choice) =>
    ts.isLiteralTypeNode(choice) && ts.isStringLiteral(choice.literal) ? choice.literal.text : undefined,
  )
  return codes.every((each) => each !== undefined) ? codes : []
}

/** `code: '…'` in what is answered without a `DomainError`. */
function literalsIn(source: ts.SourceFile): string[] {
  if (!/^libs\/(infrastructure\/http|rest)\//.test(source.fileName)) return []
  return nodesIn(source)
    .filter(ts.isPropertyAssignment)
    .filter(({ name }) => name.getText() === 'code')
    .map(({ initializer }) => initializer)
    .filter(ts.isStringLiteral)
    .map(({ text }) => text)
}

/** The rows of the page's table. */
function documented(): { code: string; statuses: readonly number[]; cells: readonly string[] }[] {
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')
  return page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, code = '', statuses = '', ...cells]) => ({
      code: code.replaceAll('`', ''),
      statuses: statuses.split(', ').map(Number),
      cells,
    }))
}

const files = sources.map(parsed)
const literals = files.flatMap(literalsIn)
const sent: readonly Sent[] = [
  ...files.flatMap(thrownIn),
  ...literals.flatMap((code) => (literalStatuses[code] ?? []).map((status): Sent => [code, status])),
]

describe('docs/errors.md', () => {
  it('is compared with the code: enough of it is found', () => {
    expect(sources.length).toBeGreaterThan(100)
    expect(new Set(sent.map(([code]) => code)).size).toBeGreaterThan(25)
    expect(new Set(literals)).toEqual(new Set(Object.keys(literalStatuses)))
  })

  it('lists every code that kitter may send, and none that it never sends', () => {
    expect(
      documented()
        .map(({ code }) => code)
        .toSorted(),
    ).toEqual([...new Set(sent.map(([code]) => code))].toSorted())
  })

  it('says the statuses that each is sent with', () => {
    const statuses = (code: string) => [
      ...new Set(sent.filter(([known]) => known === code).map(([, status]) => status)),
    ]
    for (const row of documented()) expect(row.statuses, row.code).toEqual(statuses(row.code).toSorted())
  })

  it('says of each when it comes', () => {
    for (const { code, cells } of documented()) expect(cells[0], code).not.toBe('')
  })

  it("has codes of two parts, but for the one that is nobody's", () => {
    for (const { code } of documented())
      if (code !== 'internal') expect(code).toMatch(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/)
  })
})
