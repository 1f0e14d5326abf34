/**
 * `node tools/run.js tools/typescript-versions.ts [VERSION…]`: packs the package, installs it where nothing else is, and
 * compiles a consumer of each entry point with each version of TypeScript: strict, without `skipLibCheck`, with and
 * without DOM. Default: every minor version from 5.4, the least that is supported, to 7.0. Exit code 1: one refused it.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { CONSUMERS } from './consumers.ts'

const SUPPORTED = ['5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6.0', '7.0']

const asked = process.argv.slice(2)
const folder = mkdtempSync(path.join(tmpdir(), 'overworld-typescript-'))
// Without what npm tells the scripts that it runs, such as this very one.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^NODE_ENV$/i.test(name)),
)
try {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack made no tarball')
  write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  install(folder, `./${tarball}`)
  for (const [file, text] of Object.entries(CONSUMERS)) write(file, text)
  for (const version of asked.length > 0 ? asked : SUPPORTED) {
    const at = path.join(folder, `typescript-${version}`)
    mkdirSync(at)
    install(at, `typescript@${version}`)
    for (const lib of [['ES2022'], ['ES2022', 'DOM']]) compile(version, at, lib)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text)
}

function install(cwd: string, what: string): void {
  const options = ['--no-save', '--prefer-offline', '--no-audit', '--no-fund', '--prefix', cwd]
  execFileSync('npm', ['install', ...options, what], { cwd, env, stdio: 'ignore' })
}

function compile(version: string, at: string, lib: readonly string[]): void {
  const options = {
    target: 'ES2022',
    lib,
    types: [],
    module: 'NodeNext',
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  }
  const files = Object.keys(CONSUMERS).filter((file) => lib.includes('DOM') || !file.includes('browser'))
  write('tsconfig.json', JSON.stringify({ compilerOptions: options, files }))
  const compiler = path.join(at, 'node_modules/typescript/bin/tsc')
  try {
    execFileSync(process.execPath, [compiler, '-p', '.'], { cwd: folder, env, encoding: 'utf8' })
    console.log(`ok      TypeScript ${version}, ${lib.join(' and ')}`)
  } catch (error) {
    process.exitCode = 1
    console.log(
      `FAILED  TypeScript ${version}, ${lib.join(' and ')}\n${(error as { stdout?: string }).stdout ?? String(error)}`,
    )
  }
}
