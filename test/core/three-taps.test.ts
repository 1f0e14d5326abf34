/** Three taps that somebody might want, each in a few lines: a histogram, an audit log, a graph. */
import { expect, test } from 'vitest'
import type { Session, Tap } from '../../core/index.ts'
import { chat, chatZone } from '../../scenarios/apps/chat.ts'
import { simulate, type World } from '../../sim/index.ts'

/** How many round trips took up to 10, 20, 50, 100, … ms. */
function latencyTap(histogram: Map<number, number>): Tap {
  const bounds = [10, 20, 50, 100, 200, 500, 1_000, Infinity]
  return {
    latency(_session, latencyMs) {
      const bound = bounds.find((each) => latencyMs <= each) ?? Infinity
      histogram.set(bound, (histogram.get(bound) ?? 0) + 1)
    },
  }
}

/** Who came from where, was refused, guessed a token, was cut. */
function auditTap(log: (line: string) => void): Tap {
  const addresses = new Map<number, string>()
  const who = (link: number): string => `${addresses.get(link)} (link ${link})`
  return {
    accepted: (link, _listener, { remoteAddress }) => addresses.set(link, remoteAddress),
    serves: (link, session) => session !== undefined && log(`${who(link)} is session ${session.id}`),
    send(link, _bytes, _delivery, message) {
      if (message?.type === 'session_denied') log(`${who(link)} is denied: reason ${String(message.object['reason'])}`)
    },
    status: (session, from, to, event) => log(`session ${session.id}: ${from} to ${to} by ${event}`),
    close: (link, code, reason) => log(`${who(link)} is cut: ${code} ${reason}`),
    closed(link, code) {
      log(`${who(link)} has gone: ${code}`)
      addresses.delete(link)
    },
  }
}

/** Whose words reach whom, and how often. */
function graphTap(edges: Map<string, number>): Tap {
  const sessions = new Map<number, Session>()
  let speaker: Session | undefined
  return {
    serves: (link, session) => (session === undefined ? sessions.delete(link) : sessions.set(link, session)),
    turnBegins: () => (speaker = undefined),
    decoded: (_link, session) => (speaker = session),
    send(link, _bytes, _delivery, message) {
      const listener = sessions.get(link)
      if (speaker === undefined || listener === undefined || message?.type !== 'channel_msg') return
      const edge = `${speaker.id} to ${listener.id}`
      edges.set(edge, (edges.get(edge) ?? 0) + 1)
    },
  }
}

test('a histogram of latencies', () => {
  const histogram = new Map<number, number>()
  const world = twoInAChat(latencyTap(histogram))
  world.advance(10_000)
  // 20 ms each way, and 60 ms each way.
  expect([...histogram.keys()].sort((a, b) => a - b)).toEqual([50, 200])
})

test('a log for auditors', () => {
  const lines: string[] = []
  const world = twoInAChat(auditTap((line) => lines.push(line)))
  const [anna] = [...world.server.sessions]
  anna?.stop()
  world.advance(1_000)
  expect(lines).toContain('session 1: connected to gone by stop')
  expect(lines.some((line) => /\(link 1\) is cut: 4500 /.test(line))).toBe(true)
  expect(lines.some((line) => /\(link 1\) has gone: /.test(line))).toBe(true)
})

test('a graph of who talks to whom', () => {
  const edges = new Map<string, number>()
  const world = twoInAChat(graphTap(edges))
  world.advance(1_000)
  expect([...edges]).toEqual([
    ['1 to 1', 1],
    ['1 to 2', 1],
  ])
})

/** Anna, near, says one line when both are there; ben is far. */
function twoInAChat(tap: Tap): World {
  const world = simulate({ seed: 1, apps: [chat], zones: [chatZone] })
  world.server.tap(tap)
  const anna = world.client('anna')
  const ben = world.client('ben', { link: { delayMs: 60 } })
  for (const { client, name } of [anna, ben]) client.on('session', () => client.app(chat).join({ handle: name }))
  anna.connect()
  world.advance(500)
  ben.connect()
  world.advance(500)
  anna.room(chat).send('channel_msg', { text: 'hello' })
  world.advance(200)
  return world
}
