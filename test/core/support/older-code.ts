/** Code as `overworld proto` made it before it had a generator of its own: by pbjs. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'

const FORM = ['-t', 'static-module', '-w', 'esm', '--keep-case', '--force-number', '--no-verify', '--no-convert']

/** The path of the module that exports `chat_app`. */
export function olderChat(): string {
  return olderCode('scenarios/apps/chat.proto')
}

/** Inside the checkout, where the code finds protobufjs. */
export function olderCode(proto: string): string {
  const folder = path.resolve('node_modules/.cache/overworld-older')
  mkdirSync(folder, { recursive: true })
  const name = path.basename(proto, '.proto')
  const out = path.join(folder, `${name}-${process.pid}.mjs`)
  const pbjs = createRequire(import.meta.url).resolve('protobufjs-cli/bin/pbjs')
  execFileSync(process.execPath, [pbjs, ...FORM, '--root', `${name}_older`, '-o', out, proto])
  return out
}
