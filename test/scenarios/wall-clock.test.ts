/** A zone that measures with the wall clock is found out when that is set back; the core never notices. */
import { expect, test } from 'vitest'
import type { Session } from 'overworld'
import {
  chat,
  defineSimulatedApp,
  drawScenario,
  runCampaign,
  runScenario,
  runSeed,
  simulatedChat,
  type Scenario,
  type SimulatedApp,
} from 'overworld/scenarios'

const PAUSE_MS = 2_000

/** Whoever says something may say the next thing after two seconds, and is told how long that is. */
function slowChat(now: (zone: { now(): number }) => number): SimulatedApp {
  return defineSimulatedApp({
    app: chat,
    zone: chat.defineZone({
      init: () => ({ nextAtMs: new Map<Session, number>() }),
      handlePart(_message, session, _zone, { nextAtMs }) {
        nextAtMs.delete(session)
      },
      rpc: {
        channel_msg(_message, session, zone, { nextAtMs }) {
          const waitMs = (nextAtMs.get(session) ?? 0) - now(zone)
          if (waitMs <= 0) nextAtMs.set(session, now(zone) + PAUSE_MS)
          return chat.reply('channel_msg', { text: String(Math.round(Math.max(0, waitMs))) })
        },
      },
    }),
    isAmbient: true,
    bot: {
      join: () => ({}),
      act: (room) => {
        room.send('channel_msg', { text: 'may I?' })
      },
      listen(room, _self, check) {
        room.on('channel_msg', ({ text }) => {
          check('waits-are-short', Number(text) <= PAUSE_MS, () => `was told to wait for ${text} ms`)
        })
      },
    },
    invariants: { 'waits-are-short': 'Nobody is told to wait for more than two seconds.' },
  })
}

const byWallClock = slowChat(() => Date.now())
const byZoneClock = slowChat((zone) => zone.now())

const CALM: Scenario = {
  version: 1,
  name: 'set-back',
  seed: 1,
  durationMs: 20_000,
  server: {},
  clients: [{ name: 'alice', app: 'chat', transport: 'websocket' }],
  steps: [],
}
const SET_BACK: Scenario = { ...CALM, steps: [{ atMs: 5_000, do: 'set_wall_clock', host: 'server', byMs: -60_000 }] }

const realDate = Date

test('a deadline in wall-clock time does not survive a clock that is set back', () => {
  expect(runScenario(CALM, { apps: [byWallClock] }).failure).toBeUndefined()
  // Each run gives the process its clock back, also one that fails.
  expect(Date).toBe(realDate)
  expect(runScenario(SET_BACK, { apps: [byWallClock] }).failure?.invariant).toBe('waits-are-short')
  expect(Date).toBe(realDate)
  expect(runScenario(SET_BACK, { apps: [byZoneClock] }).failure).toBeUndefined()
})

test('a run with such a zone is the same when it is made again', () => {
  const fingerprints = [1, 2].map(() => runScenario(SET_BACK, { apps: [byWallClock] }).fingerprint)
  expect(fingerprints[0]).toBe(fingerprints[1])
})

test('the core does not notice: with clocks set, a scenario ends as without', () => {
  const apps = [simulatedChat]
  for (const run of [0, 1, 2, 3]) {
    const drawn = drawScenario(runSeed(5, run), { apps: ['chat'] })
    const steps = drawn.steps.filter((step) => step.do !== 'set_wall_clock')
    const set = [1_000, 9_000].map((atMs) => ({
      atMs,
      do: 'set_wall_clock' as const,
      host: 'server',
      byMs: -3_600_000,
    }))
    const messages = [steps, [...set, ...steps].toSorted((a, b) => a.atMs - b.atMs)].map((each) => {
      const result = runScenario({ ...drawn, steps: each }, { apps })
      expect(result.failure).toBeUndefined()
      return result.messages
    })
    expect(messages[0]).toBe(messages[1])
  }
})

test('the fuzzer finds such a zone', () => {
  expect(runCampaign({ seed: 1, runs: 40, apps: [byZoneClock] }).failure).toBeUndefined()
  const { failure } = runCampaign({ seed: 1, runs: 200, apps: [byWallClock], shrinkTries: 0 })
  expect(failure?.invariant).toBe('waits-are-short')
})
