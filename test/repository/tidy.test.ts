/** Repository rules that no tool knows. Import rules and bans are part of `npm run check`. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

test('every error code is explained in docs/errors.md', () => {
  const codes = membersOfUnion('core/errors.ts', 'ErrorCode')
  expect(codes.length).toBeGreaterThan(10)
  const explained = readFileSync('docs/errors.md', 'utf8')
  expect(codes.filter((code) => !explained.includes(`\`${code}\``))).toEqual([])
})

test('docs/errors.md explains no error code that does not exist', () => {
  const codes = new Set(membersOfUnion('core/errors.ts', 'ErrorCode'))
  // Codes of errors are explained under a heading of their own: "### `bad_option`".
  const headings = readFileSync('docs/errors.md', 'utf8').matchAll(/^#+ `([a-z]+(?:_[a-z]+)*)`$/gm)
  expect([...headings].map(([, code]) => code ?? '').filter((code) => !codes.has(code))).toEqual([])
})

test('every close code is explained in docs/errors.md', () => {
  const codes = readFileSync('core/close-codes.ts', 'utf8').match(/\b4\d{3}(?=,)/g) ?? []
  expect(codes.length).toBeGreaterThan(8)
  const explained = readFileSync('docs/errors.md', 'utf8')
  expect(codes.filter((code) => !explained.includes(code))).toEqual([])
})

describe('every module opens with what it does', () => {
  test.each(['core', 'recording', 'transports', 'sim', 'scenarios', 'cli', 'tools', 'examples', 'bench'])(
    '%s/',
    (folder) => {
      const without = sourcesOf(folder).filter((file) => !/^(#!.*\n)?\/\*\*/.test(readFileSync(file, 'utf8')))
      expect(without).toEqual([])
    },
  )
})

test('what a run is made of assigns no function literal to a property (docs/decisions/010-short-lived-worlds.md)', () => {
  const files = ['core', 'recording', 'sim', 'scenarios/observer', 'scenarios/runner'].flatMap(sourcesOf)
  expect(files.length).toBeGreaterThan(100)
  expect(files.flatMap(functionsAssignedToProperties)).toEqual([])
})

test('the lock file names no registry', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved"|registry/)
})

test('the lock file has every optional package of every platform, without which `npm ci` refuses it', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>
  }
  const missing = Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`node_modules/${name}` in packages) && !(`${parent}/node_modules/${name}` in packages),
    ),
  )
  expect(missing).toEqual([])
})

const ASSIGNMENTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
])

/** As `file:line`. */
function functionsAssignedToProperties(file: string): string[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  visit(tree)
  return found

  function visit(node: ts.Node): void {
    if (ts.isBinaryExpression(node) && ASSIGNMENTS.has(node.operatorToken.kind)) {
      const { left, right } = node
      const isProperty = ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left)
      const isFunction = ts.isArrowFunction(right) || ts.isFunctionExpression(right)
      if (isProperty && isFunction)
        found.push(`${file}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`)
    }
    ts.forEachChild(node, visit)
  }
}

function membersOfUnion(file: string, name: string): string[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  for (const statement of tree.statements) {
    if (!ts.isTypeAliasDeclaration(statement) || statement.name.text !== name) continue
    const members = ts.isUnionTypeNode(statement.type) ? statement.type.types : [statement.type]
    return members.flatMap((member) =>
      ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal) ? [member.literal.text] : [],
    )
  }
  throw new Error(`${file} declares no type ${name}`)
}

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/(^|[\\/])(generated|node_modules)[\\/]/.test(name))
    .map((name) => path.join(folder, name))
}
