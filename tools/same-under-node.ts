/**
 * `node tools/run.js tools/same-under-node.ts VERSION RUNS`: makes a campaign with this Node and with another one, through
 * `npx node@VERSION`, on the message network and at wire level. Exit code 1: their fingerprints differ.
 */
import { execFileSync } from 'node:child_process'
import process from 'node:process'

const [version = '22', runs = '1000'] = process.argv.slice(2)
/** A run at wire level takes some twenty times as long. */
const WIRE_SHARE = 20

for (const network of ['message', 'wire'] as const) {
  const count = network === 'wire' ? Math.max(1, Math.round(Number(runs) / WIRE_SHARE)) : Number(runs)
  const words = ['bin/overworld.js', 'fuzz', '--seed', '1', '--runs', String(count), '--network', network, '--json']
  const here = fingerprintOf(process.execPath, words)
  const there = fingerprintOf('npx', ['--yes', `node@${version}`, ...words])
  const isSame = here === there
  if (!isSame) process.exitCode = 1
  const compared = `Node ${process.version} and node@${version}`
  console.log(
    `${isSame ? 'ok     ' : 'DIFFERS'} ${count} runs on ${network}, ${compared}: ${here}${isSame ? '' : ` and ${there}`}`,
  )
}

function fingerprintOf(program: string, words: readonly string[]): string {
  const output = execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return (JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as { readonly fingerprint: string }).fingerprint
}
