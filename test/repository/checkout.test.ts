/** In a checkout, the `overworld` command and the tools run the TypeScript sources as they now stand. */
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const cache = path.resolve('node_modules/.cache/overworld')
// Outside the checkout, where a user's files are: nothing there finds `overworld` by itself.
const folder = mkdtempSync(path.join(tmpdir(), 'overworld-checkout-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('`npx --no-install overworld --help` works', async () => {
  const { stdout } = await promisify(execFile)('npx', ['--no-install', 'overworld', '--help'])
  for (const command of ['fuzz', 'run', 'scenarios', 'serve', 'chat']) expect(stdout).toContain(command)
})

test('an edit takes effect at once', async () => {
  const rule = write('rule.ts', 'export const rule: string = "kept"\n')
  const program = write('program.ts', "import { rule } from './rule.ts'\nconsole.log(rule)\n")
  expect(await run(program)).toBe('kept')
  write('rule.ts', 'export const rule: string = "broken"\n')
  expect(await run(program)).toBe('broken')
  expect(existsSync(rule)).toBe(true)
})

test("a user's module gets the very instances that the command uses", async () => {
  write('app.js', "export * as core from 'overworld'\nexport * as sim from 'overworld/sim'\n")
  const core = path.resolve('core/index.ts')
  const program = write(
    'loader.ts',
    `import { OverworldError } from ${JSON.stringify(core)}
const app: { core: object; sim: object } = await import(new URL('./app.js', import.meta.url).href)
console.log((app.core as { OverworldError: unknown }).OverworldError === OverworldError, Object.keys(app.sim).length > 0)
`,
  )
  expect(await run(program)).toBe('true true')
})

test('an error names the line of the TypeScript source', async () => {
  const program = write('thrower.ts', 'interface Unused {\n  readonly a: number\n}\n\nthrow new Error("here")\n')
  await expect(run(program)).rejects.toThrow(/thrower\.ts:5:7/)
})

test('relative to `import.meta.url` is relative to the source', async () => {
  const program = write('where.ts', 'console.log(new URL(".", import.meta.url).pathname)\n')
  expect(await run(program)).toBe(`${folder}/`)
})

test('a process leaves nothing behind, and removes what a killed one left', async () => {
  const program = write('sleeper.ts', 'console.log("up")\nsetInterval(() => {}, 1000)\n')
  const killed = spawn(process.execPath, ['tools/run.js', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(killed, 'exit')
  await once(killed.stdout, 'data')
  const left = `${killed.pid ?? 0}-`
  killed.kill('SIGKILL')
  await exited
  expect(bundles().filter((name) => name.startsWith(left))).toHaveLength(1)

  const lister = write('lister.ts', 'console.log(process.pid)\n')
  const pid = await run(lister)
  expect(bundles().filter((name) => name.startsWith(left) || name.startsWith(`${pid}-`))).toEqual([])
})

async function run(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['tools/run.js', program])
  return stdout.trim()
}

function write(name: string, text: string): string {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

function bundles(): string[] {
  mkdirSync(cache, { recursive: true })
  return readdirSync(cache)
}
