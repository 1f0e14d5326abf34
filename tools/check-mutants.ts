/**
 * Part of `npm run check`: every planted bug applies to the sources as they stand, exactly once in each place, and what
 * comes of it compiles. So none goes stale when the core changes.
 *
 * One compilation a mutant would take minutes. Mutants that change different files are planted together, and each
 * compilation reuses what the one before it has read.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import ts from 'typescript'
import { filesOf, MUTANTS, plant, type Mutant } from '../scenarios/mutants/index.ts'

const problems: string[] = []
const names = new Set<string>()
const applied: { readonly mutant: Mutant; readonly texts: ReadonlyMap<string, string> }[] = []
for (const mutant of MUTANTS) {
  if (names.has(mutant.name)) problems.push(`two mutants are named '${mutant.name}'`)
  names.add(mutant.name)
  try {
    const texts = new Map([...filesOf(mutant)].map((file) => [file, plant(mutant, file, readFileSync(file, 'utf8'))]))
    for (const [file, text] of texts) {
      if (text === readFileSync(file, 'utf8')) problems.push(`mutant '${mutant.name}' changes nothing in ${file}`)
    }
    applied.push({ mutant, texts })
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error))
  }
}
compileAll()
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1

function compileAll(): void {
  const { options, host, sources } = createCompiler()
  let program: ts.Program | undefined
  for (let rest = applied; rest.length > 0;) {
    const planted = new Map<string, { readonly mutant: Mutant; readonly text: string }>()
    const later: typeof rest = []
    for (const each of rest) {
      const { mutant, texts } = each
      if ([...texts.keys()].some((file) => planted.has(path.resolve(file)))) later.push(each)
      else for (const [file, text] of texts) planted.set(path.resolve(file), { mutant, text })
    }
    rest = later
    const patched = { ...host, getSourceFile: (file: string) => sources(file, planted.get(path.resolve(file))?.text) }
    program = ts.createProgram({
      rootNames: ['core/index.ts'],
      options,
      host: patched,
      ...(program && { oldProgram: program }),
    })
    for (const [file, { mutant }] of planted) judge(program, file, mutant)
  }
}

function judge(program: ts.Program, file: string, mutant: Mutant): void {
  const source = program.getSourceFile(file)
  if (source === undefined) {
    problems.push(`mutant '${mutant.name}' changes ${file}, which is no part of the core`)
    return
  }
  for (const { messageText } of [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ]) {
    problems.push(`mutant '${mutant.name}' does not compile: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
  }
}

interface Compiler {
  readonly options: ts.CompilerOptions
  readonly host: ts.CompilerHost
  /** `text`: instead of what is in the file. */
  readonly sources: (file: string, text: string | undefined) => ts.SourceFile | undefined
}

function createCompiler(): Compiler {
  const config = ts.getParsedCommandLineOfConfigFile(
    'tsconfig.core.json',
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic },
  )
  // A bug may well leave something unused.
  const options: ts.CompilerOptions = { ...config?.options, noUnusedLocals: false, noUnusedParameters: false }
  const host = ts.createCompilerHost(options)
  const parsed = new Map<string, ts.SourceFile>()
  return {
    options,
    host,
    sources(file, text) {
      if (text !== undefined) return parse(file, text)
      const known = parsed.get(file)
      if (known !== undefined) return known
      const content = ts.sys.readFile(file)
      if (content === undefined) return undefined
      const source = parse(file, content)
      parsed.set(file, source)
      return source
    },
  }

  function parse(file: string, text: string): ts.SourceFile {
    return ts.createSourceFile(file, text, {
      languageVersion: ts.ScriptTarget.ES2023,
      // Not all libraries are modules.
      impliedNodeFormat: ts.getImpliedNodeFormatForFile(file, undefined, ts.sys, options),
    })
  }
}

function onUnRecoverableConfigFileDiagnostic({ messageText }: ts.Diagnostic): void {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'))
}
