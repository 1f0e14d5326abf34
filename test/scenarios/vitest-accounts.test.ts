/** `overworld/vitest`: the accounts of the worlds of tests that fail. */
import { execFile } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { expect, test } from 'vitest'

function runFailing(...options: readonly string[]): Promise<string> {
  const vitest = path.resolve('node_modules/vitest/vitest.mjs')
  const config = 'test/scenarios/support/failing/vitest.config.ts'
  const env = { ...process.env, NO_COLOR: '1' }
  return new Promise((resolve) => {
    const args = [vitest, 'run', '--config', config, '--reporter=default', ...options]
    execFile(process.execPath, args, { env }, (_error, stdout) => resolve(stdout))
  })
}

test.each([[[]], [['--no-isolate']]])(
  'a test that fails prints what happened in its worlds, one that passes nothing (%s)',
  async (options) => {
    const output = await runFailing(...options)
    expect(output).toContain('2 failed | 1 passed')
    expect(output.match(/^World with .*$/gm)).toEqual([
      'World with seed 2 at 13.000 s:',
      'World with seed 7 at 0.100 s:',
      'World with seed 3 at 0.000 s:',
    ])
    expect(output).toContain(
      [
        "    0.140 s  server  alice joins zone 'chat'",
        '    0.140 s  server  sends chat.sync { handles: ["alice"] } to alice (received at 0.160 s)',
        '    1.000 s  alice   its connection goes silent for ever, and nobody is told (half-open)',
        '    3.000 s  alice   sends chat.channel_msg { text: "lost, and nobody says so" } (never received)',
        '    5.679 s  alice   loses its connection: it has heard nothing for too long; dials again in 166 ms',
      ].join('\n'),
    )
    expect(output).not.toContain('peter')
  },
)
