/** What a redacted recording tells nobody. Tokens and messages are in `replay.test.ts`, with a whole run. */
import { BlockReader, createServer, recordServer, type Accept, type Clock, type Entry } from 'overworld'
import { chat, chatZone } from 'overworld/scenarios'
import { describeEntry } from 'overworld/sim'
import { expect, it } from 'vitest'

const SECRETS = ['192.0.2.7', '2001:db8::99', 'my mother calls', 'a letter', 'of yours', '4711', 'pass phrase']

/** Three connections of two machines, which close with words; and calls from outside. */
function record(isRedacted: boolean): { text: string; lines: readonly string[] } {
  const blocks: Uint8Array[] = []
  let accept: Accept | undefined
  const clock: Clock = { now: () => 1, setTimer: () => ({ cancel: () => undefined }) }
  const { server, recorder, command } = recordServer(
    {
      apps: [chat],
      boot({ network, calls, ...parts }) {
        const made = createServer({ ...parts, calls, apps: [chat], onReport: () => undefined })
        made.zones.start(chatZone, { name: 'chat' })
        made.listen(network, 'ws://127.0.0.1:4433/ws')
        return made
      },
      commands: { ban: () => undefined },
    },
    {
      listen(address, given) {
        accept = given
        return { address, close: (done) => done?.() }
      },
      connect: () => expect.fail('it dials nobody'),
    },
    {
      clock,
      random: { fill: () => undefined, uint32: () => 7 },
      recording: 'redacted',
      configuration: { database: 'pass phrase' },
      sink: { append: (bytes) => void blocks.push(bytes) },
      isRedacted,
    },
  )
  for (const [index, remoteAddress] of ['192.0.2.7', '2001:db8::99', '192.0.2.7'].entries()) {
    const handler = accept?.({
      id: index + 1,
      transport: 'websocket',
      remoteAddress,
      bufferedBytes: 0,
      send: () => undefined,
      close: () => undefined,
    })
    handler?.opened()
    handler?.closed(1000, index === 0 ? 'my mother calls' : '')
  }
  const zone = server.zones.find(chat, 'chat')
  const letter = { kind: 'a letter', parts: ['of yours', { account: 4711 }] }
  ;(zone as unknown as { tell(message: unknown): void }).tell(letter)
  command('ban', 'a letter', 4711)
  server.drain(4_000)
  recorder.stop('the test is over')
  const text = Buffer.concat(blocks).toString('latin1')
  const entries: Entry[] = []
  const reader = new BlockReader()
  for (const block of blocks) for (const read of reader.push(block)) entries.push(...read.entries)
  return { text, lines: entries.map((entry) => describeEntry(entry, [chat])) }
}

it('keeps neither addresses nor what is said when closing nor what calls from outside carry', () => {
  const [plain, redacted] = [record(false), record(true)]
  const told = (lines: readonly string[]): string => lines.join('\n')
  for (const secret of SECRETS) {
    expect(plain.text + told(plain.lines)).toContain(secret)
    expect(redacted.text).not.toContain(secret)
    expect(told(redacted.lines)).not.toContain(secret)
  }
})

it('says which addresses are the same, how long words were, and which calls there were', () => {
  const { lines } = record(true)
  const from = lines.flatMap((line) => /comes from (.*) \(/.exec(line)?.[1] ?? [])
  expect(from).toEqual(['address 1', 'address 2', 'address 1'])
  expect(lines).toContain('connection 1 closed with 1000 (15 characters)')
  expect(lines).toContain('connection 2 closed with 1000')
  expect(lines).toContain(
    `called from outside: zone 'chat' tell({ kind: "(8 characters)", parts: ["(8 characters)", { account: "(a number)" }] })`,
  )
  expect(lines).toContain('called from outside: program ban("(8 characters)", "(a number)")')
  expect(lines).toContain('called from outside: server drain(4000)')
})
