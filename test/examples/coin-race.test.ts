/** The mini-game: a server and two players over real WebSocket and ENet, played to its end. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('two players over different transports play to the end and agree on the winner', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['tools/run.js', 'examples/coin-race/main.ts'])
  expect(stdout).toMatch(/^anna saw (anna|ben) win, ben saw \1 win\n$/)
  expect(stderr).toBe('')
})
