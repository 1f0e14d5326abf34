/** Part of `npm run check`: the bans of `bans.ts` over every source of `core`, `recording` and `sim`. Generated code is exempt. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { countRealSetImmediates, findBans } from './bans.ts'

let found = 0
let setImmediates = 0
for (const file of ['core', 'recording', 'sim'].flatMap(sourcesOf)) {
  const source = readFileSync(file, 'utf8')
  for (const { line, column, message } of findBans(file, source)) {
    console.error(`${file}:${line}:${column} ${message}`)
    found += 1
  }
  if (file.startsWith('sim/wire/')) setImmediates += countRealSetImmediates(file, source)
}
if (setImmediates > 1) {
  console.error(`sim/wire/ names the real setImmediate ${setImmediates} times: the drain alone may, once`)
  found += 1
}
if (found > 0) process.exitCode = 1

function sourcesOf(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.replaceAll('\\', '/')))
    .filter((file) => file.endsWith('.ts') && !file.includes('/generated/'))
}
