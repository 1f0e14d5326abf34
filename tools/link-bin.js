// @ts-check
/**
 * Makes `npx --no-install overworld` work in a checkout: npm links the commands of dependencies into
 * `node_modules/.bin`, but not a package's own. Runs as `prepare`, so after `npm ci` and `npm install` here, and never
 * on a user's machine.
 */
import { mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import process from 'node:process'

const folder = fileURLToPath(new URL('../node_modules/.bin/', import.meta.url))
mkdirSync(folder, { recursive: true })
const link = path.join(folder, 'overworld')
const target = '../../bin/overworld.js'
if (process.platform === 'win32') {
  writeFileSync(`${link}.cmd`, '@node "%~dp0\\..\\..\\bin\\overworld.js" %*\r\n')
} else if (targetOf(link) !== target) {
  // Only where something else is there: `npm pack` comes here too, perhaps while the command is in use.
  rmSync(link, { force: true })
  symlinkSync(target, link)
}

/** @param {string} file */
function targetOf(file) {
  try {
    return readlinkSync(file)
  } catch {
    return undefined
  }
}
