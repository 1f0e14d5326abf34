/**
 * The code in README.md and docs/ works. A fenced `ts`, `js` or `proto` snippet whose first line is a comment with a file
 * name (`// lobby.ts`) is a file: those of one document may import each other. A `.proto` becomes code by the command
 * that the docs give, everything is type-checked against the sources, and a `….test.ts` is run, here.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { readSchema } from '../../cli/proto/schema.ts'
import { generateStaticCode } from '../../cli/proto/static-code.ts'

interface Snippet {
  readonly document: string
  readonly name: string
  readonly text: string
}

// Inside the checkout, so that `overworld` and the dependencies resolve; hidden, so that no other tool sees it.
const root = path.resolve('test/repository/.snippets')
rmSync(root, { recursive: true, force: true })

const documents = ['README.md', ...(existsSync('docs') ? readdirSync('docs').map((name) => `docs/${name}`) : [])]
const snippets = documents.filter((name) => name.endsWith('.md') && existsSync(name)).flatMap(snippetsOf)
for (const snippet of snippets) extract(snippet)

test('README.md shows code', () => {
  expect(snippets.filter(({ document }) => document === 'README.md')).not.toEqual([])
})

test('every snippet that is a file type-checks', () => {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile) as { config: object }
  const files = snippets.filter(({ name }) => /\.[jt]s$/.test(name)).map(fileOf)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files }, ts.sys, process.cwd())
  // A snippet in JavaScript is checked for what it imports and calls, not for the types it does not write.
  const program = ts.createProgram(files, {
    ...options,
    checkJs: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
  })
  const problems = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file, code }) => !(file?.fileName.endsWith('.js') === true && isAboutMissingTypes(code)))
  expect(problems.map(describeProblem)).toEqual([])
})

describe('snippets that are tests', () => {
  const runnable = snippets.filter(({ name }) => name.endsWith('.test.ts'))
  test('there is at least one in README.md', () => {
    expect(runnable.map(({ document }) => document)).toContain('README.md')
  })
  for (const snippet of runnable) {
    describe(`${snippet.document}: ${snippet.name}`, async () => {
      await import(/* @vite-ignore */ fileOf(snippet))
    })
  }
})

function snippetsOf(document: string): Snippet[] {
  const fences = readFileSync(document, 'utf8').matchAll(
    /^```(?:ts|js|proto)\n(\/\/ ([\w./-]+\.(?:ts|js|proto))\n[^]*?)^```$/gm,
  )
  return [...fences].map(([, text = '', name = '']) => ({ document, name, text }))
}

function extract(snippet: Snippet): void {
  const file = fileOf(snippet)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, snippet.text)
  if (!snippet.name.endsWith('.proto')) return
  const { js, dts } = generateStaticCode(readSchema(file).root, 'made from a document')
  writeFileSync(file.replace(/\.proto$/, '.js'), js)
  writeFileSync(file.replace(/\.proto$/, '.d.ts'), dts)
}

function fileOf({ document, name }: Snippet): string {
  return path.join(root, document.replaceAll(/[^\w]/g, '-'), name)
}

/** "implicitly has an 'any' type" and its relatives. */
function isAboutMissingTypes(code: number): boolean {
  return code >= 7000 && code < 8000
}

function describeProblem({ file, start, messageText }: ts.Diagnostic): string {
  const where = file === undefined ? '' : path.relative(root, file.fileName)
  const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1
  return `${where}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
}
