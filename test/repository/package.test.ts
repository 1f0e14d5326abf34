/** What `npm pack` makes works where it is the only thing installed, and its types compile in a strict project. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONSUMERS } from '../../tools/consumers.ts'
import { entryPoints } from '../../tools/entry-points.js'

const folder = mkdtempSync(path.join(tmpdir(), 'overworld-package-'))
// Without what npm tells the scripts that it runs, such as this very test.
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^NODE_ENV$|^FORCE_COLOR$/i.test(name)),
  ),
  NO_COLOR: '1',
}
/** `overworld/vitest` runs in Vitest alone: see the last test. */
const specifiers = Object.keys(entryPoints).filter((specifier) => specifier !== 'overworld/vitest')

beforeAll(async () => {
  await promisify(execFile)('npm', ['pack', '--silent', '--pack-destination', folder], { env })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack made no tarball')
  write('package.json', JSON.stringify({ name: 'empty', private: true, type: 'module' }))
  const oldest = 'typescript-5.4@npm:typescript@5.4'
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`, oldest])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('it contains the build, the command and the texts, and neither sources nor tools', () => {
  const installed = path.join(folder, 'node_modules/overworld')
  expect(readdirSync(installed).sort()).toEqual(
    ['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'package.json'].sort(),
  )
  const files = readdirSync(path.join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
  expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([])
})

test('`npx --no-install overworld --help` works', async () => {
  expect(await run('npx', ['--no-install', 'overworld', '--help'])).toContain('fuzz')
})

test('the command runs a short campaign', async () => {
  const output = await run('npx', ['--no-install', 'overworld', 'fuzz', '--runs', '3', '--seed', '1', '--json'])
  expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toMatchObject({ runs: 3, held: true })
})

test.each(specifiers)('%s can be imported', async (specifier) => {
  const program = `import(${JSON.stringify(specifier)}).then((module) => console.log(Object.keys(module).length))`
  expect(Number(await run(process.execPath, ['--input-type=module', '-e', program]))).toBeGreaterThan(0)
})

test('its types compile in an empty strict project, without skipLibCheck and DOM', async () => {
  const imports = specifiers.map((specifier, i) => `export * as entry${i} from '${specifier}'\n`)
  write('main.ts', imports.join(''))
  const compilerOptions = {
    target: 'ES2023',
    lib: ['ES2023'],
    types: [],
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  }
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['main.ts'] }))
  expect(await run(process.execPath, [path.resolve('node_modules/typescript/bin/tsc'), '-p', '.'])).toBe('')
})

// `npm run long -- types` has every version up to the newest.
test('its types compile with the oldest supported TypeScript, in a program for each entry point', async () => {
  for (const [file, text] of Object.entries(CONSUMERS)) write(file, text)
  const lib = ['ES2022', 'DOM']
  const compilerOptions = { target: 'ES2022', lib, types: [], module: 'NodeNext', strict: true, noEmit: true }
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: Object.keys(CONSUMERS) }))
  expect(await run(process.execPath, ['node_modules/typescript-5.4/bin/tsc', '-p', '.'])).toBe('')
})

test('everything that it imports is a dependency of it', () => {
  const dist = path.join(folder, 'node_modules/overworld/dist')
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Record<string, string>
    peerDependencies: Record<string, string>
  }
  const allowed = { node: '', ...manifest.dependencies, ...manifest.peerDependencies }
  const imported = new Set<string>()
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(js|d\.ts)$/.test(file)) continue
    const text = readFileSync(path.join(dist, file), 'utf8')
    const imports = text.matchAll(/^(?:(?:import|export)\b[^'"\n]*\bfrom |import )['"]((?:@[\w-]+\/)?[\w-]+)/gm)
    for (const [, name = ''] of imports) {
      imported.add(name)
    }
  }
  expect(imported.size).toBeGreaterThan(0)
  expect([...imported].filter((name) => !(name in allowed))).toEqual([])
})

test.each([[[]], [['--no-isolate']]])(
  'overworld/vitest prints the world of a test that fails (%s)',
  async (options) => {
    const linked = path.join(folder, 'node_modules/vitest')
    if (!existsSync(linked)) symlinkSync(path.resolve('node_modules/vitest'), linked, 'dir')
    write(
      'vitest.config.js',
      "export default { test: { include: ['*.failing.js'], setupFiles: ['overworld/vitest'] } }\n",
    )
    for (const name of ['one', 'two']) write(`${name}.failing.js`, FAILING)
    const vitest = path.join(linked, 'vitest.mjs')
    const failed = await run(process.execPath, [vitest, 'run', ...options]).catch((error: unknown) => error)
    expect(String(failed).match(/^World with seed 1 at 0.500 s:$/gm)).toHaveLength(2)
    expect(String(failed)).toContain('0.120 s  alice   has a new session 1, in no zone')
  },
)

const FAILING = `import { expect, test } from 'vitest'
import { chat, chatZone } from 'overworld/scenarios'
import { simulate } from 'overworld/sim'
test('fails', () => {
  const world = simulate({ seed: 1, apps: [chat], zones: [chatZone] })
  world.client('alice').connect()
  world.advance(500)
  expect(1).toBe(2)
})
`

async function run(program: string, options: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, options, { cwd: folder, env })
    return stdout
  } catch (error) {
    // The compiler and the command say on standard output what is wrong.
    const { message, stdout } = error as Error & { stdout?: string }
    throw new Error(`${message}\n${stdout ?? ''}`, { cause: error })
  }
}

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text)
}
