/**
 * `npm run build`: writes `dist/`, what the package publishes: JavaScript with source maps (the sources are in them) and
 * types. A checkout never needs it; `npm pack` and `npm publish` run it by themselves.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'

const published = ['core', 'recording', 'transports', 'sim', 'scenarios', 'cli']

rmSync('dist', { recursive: true, force: true })
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
for (const folder of published) copyWhatTheCompilerLeaves(folder)

/** Generated JavaScript with its types, and data that the sources import or read: the compiler emits neither. */
function copyWhatTheCompilerLeaves(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const isSource = entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts')
    if (!entry.isFile() || isSource) continue
    const file = path.join(entry.parentPath, entry.name)
    cpSync(file, path.join('dist', file))
  }
}
