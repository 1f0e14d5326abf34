/** What the fuzzer draws: everything it knows, and never the same thing all the time. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { readScenario, type Misbehaviour, type Scenario, type Step } from 'overworld/scenarios'
import { draw } from './support/reference-apps.ts'

const DRAWS = 1_000

/** Every kind of step: whether the fuzzer draws it, or only people write it. */
const STEPS: Readonly<Record<Step['do'], 'drawn' | 'by hand'>> = {
  connect: 'drawn',
  disconnect: 'drawn',
  end: 'drawn',
  join: 'drawn',
  part: 'drawn',
  act: 'by hand',
  send: 'by hand',
  send_bytes: 'by hand',
  duplicate: 'drawn',
  reload: 'drawn',
  wake: 'drawn',
  break_dials: 'drawn',
  late_timers: 'drawn',
  misbehave: 'drawn',
  oddity: 'drawn',
  mute_beacons: 'drawn',
  partition: 'drawn',
  mass_disconnect: 'drawn',
  cut: 'drawn',
  clog: 'drawn',
  reset: 'drawn',
  half_close: 'drawn',
  half_open: 'drawn',
  rebind: 'drawn',
  link: 'by hand',
  slow_reader: 'drawn',
  pause: 'drawn',
  crash: 'drawn',
  drift: 'drawn',
  clock_jump: 'drawn',
  set_wall_clock: 'drawn',
  stop_session: 'drawn',
  drop_session: 'drawn',
  set_timeout: 'drawn',
  remove: 'drawn',
  drain: 'drawn',
  stop_server: 'drawn',
  npc: 'drawn',
  tell: 'drawn',
  command: 'by hand',
  give_receiver: 'drawn',
  give_connection: 'drawn',
  give_stranger: 'drawn',
  refuse_stranger: 'drawn',
  send_directly: 'drawn',
  misuse: 'drawn',
  extra_zone: 'drawn',
  stop_zone: 'drawn',
  restart_zone: 'drawn',
}

const MISBEHAVIOURS: Readonly<Record<Misbehaviour, true>> = {
  request_again: true,
  request_with_empty_token: true,
  request_behind_ping: true,
  request_with_old_attempt: true,
  request_with_token: true,
  guess_tokens: true,
  forge_token: true,
  late_request: true,
  old_token: true,
  old_token_and_gone: true,
  hoard_sessions: true,
  say_nothing: true,
  skip_request: true,
  skip_request_often: true,
  end_without_session: true,
  join_twice: true,
  join_two_zones: true,
  part_elsewhere: true,
  part_twice: true,
  ping_unknown: true,
  ping_old: true,
  unknown_prefix: true,
  empty_message: true,
  server_only_message: true,
  repeat_server: true,
  largest_message: true,
  malformed: true,
  malformed_protocol: true,
  malformed_without_session: true,
  short_message: true,
  huge_number: true,
  oversized: true,
  flood: true,
}

describe(`in ${DRAWS} draws`, () => {
  let drawn: readonly Scenario[] = []
  beforeAll(() => {
    drawn = Array.from({ length: DRAWS }, (_, seed) => draw(seed))
  })
  const steps = (): Step[] => drawn.flatMap((scenario) => scenario.steps)

  test('every kind of step appears that the fuzzer draws, and no other', () => {
    const wanted = Object.entries(STEPS).flatMap(([kind, by]) => (by === 'drawn' ? [kind] : []))
    expect([...new Set(steps().map((step) => step.do))].sort()).toEqual(wanted.sort())
  })

  test('every misbehaviour appears', () => {
    const seen = new Set(steps().flatMap((step) => (step.do === 'misbehave' ? [step.how] : [])))
    expect([...seen].sort()).toEqual(Object.keys(MISBEHAVIOURS).sort())
  })

  test('every kind of step is missing from many scenarios: faults are switched on and off', () => {
    const kinds = [...new Set(steps().map((step) => step.do))]
    const missing = (kind: Step['do']): number =>
      drawn.filter((scenario) => scenario.steps.every((step) => step.do !== kind)).length
    expect(kinds.filter((kind) => missing(kind) <= DRAWS / 10)).toEqual([])
  })

  test('a fault that lasts has a least duration of its own, and lasts much longer too', () => {
    const leastMs = { cut: 50, clog: 50, mute_beacons: 500, partition: 100, slow_reader: 100, crash: 10 }
    for (const [kind, least] of Object.entries(leastMs)) {
      const durations = steps().flatMap((step) => (step.do === kind && 'forMs' in step ? [step.forMs] : []))
      expect(Math.min(...durations)).toBeGreaterThanOrEqual(least)
      expect(Math.max(...durations)).toBeGreaterThan(4_000)
    }
  })

  test('scenarios are of all sizes, large ones too', () => {
    const sizes = drawn.map((scenario) => scenario.steps.length)
    expect(Math.min(...sizes)).toBeLessThan(4)
    expect(Math.max(...sizes)).toBeGreaterThan(20)
    expect(new Set(sizes).size).toBeGreaterThan(15)
  })

  test('servers and links differ', () => {
    const differing = (of: (scenario: Scenario) => unknown): number =>
      new Set(drawn.map((each) => JSON.stringify(of(each)))).size
    expect(differing(({ server }) => server.disconnectTimeoutMs)).toBeGreaterThan(5)
    expect(differing(({ server }) => server.livenessTimeoutMs)).toBeGreaterThan(2)
    expect(differing(({ clients }) => clients[0]?.link)).toBeGreaterThan(5)
    expect(differing(({ clients }) => clients.map(({ transport }) => transport))).toBe(2 ** 4)
  })

  test('every scenario can be written to a file and read again', () => {
    for (const scenario of drawn) expect(readScenario(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario)
  })

  test('steps come in the order of time, within the fault phase', () => {
    for (const scenario of drawn) {
      const times = scenario.steps.map(({ atMs }) => atMs)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(times.every((atMs) => atMs >= 0 && atMs < scenario.durationMs)).toBe(true)
    }
  })
})

test('one seed draws one scenario', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), (seed) => {
      expect(draw(seed)).toEqual(draw(seed))
    }),
    { numRuns: 30 },
  )
})
