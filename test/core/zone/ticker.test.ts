/** Ticks: at each multiple of `tickMs` since the zone's start, without drift, never doubled up. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chat } from '../../../scenarios/apps/chat.ts'
import { ServerWorld, startWorld } from '../support/server-world.ts'
import type { TypedZone } from '../../../core/zone/zone-definition.ts'

describe('ticks', () => {
  test('come each 20 ms by default, and the frame counts those that ran', () => {
    const world = startWorld()
    const { zone, at } = ticking(world, undefined)
    expect(zone.frame).toBe(0)
    world.clock.advance(100)
    expect(at).toEqual([20, 40, 60, 80, 100])
    expect(zone.frame).toBe(5)
    expect(world.server.stats().ticksTotal).toBe(5)
  })

  test('the frame that a tick sees counts it', () => {
    const world = startWorld()
    const frames: number[] = []
    world.server.zones.start(
      chat.defineZone({ init: () => undefined, handleTick: (zone) => void frames.push(zone.frame) }),
    )
    world.clock.advance(60)
    expect(frames).toEqual([1, 2, 3])
  })

  test('a zone without handleTick has none, and no timer', () => {
    const world = startWorld()
    const zone = world.server.zones.start(chat.defineZone({ init: () => undefined, tickMs: 5 }))
    expect(world.gauges()).toMatchObject({ timers: 0 })
    world.clock.advance(100)
    expect(zone.frame).toBe(0)
  })

  test('a late tick is not doubled up, and the next is on the grid again', () => {
    const world = startWorld()
    const { at } = ticking(world, 20)
    world.clock.advance(25)
    world.clock.pause(50)
    world.clock.advance(0)
    world.clock.advance(25)
    expect(at).toEqual([20, 75, 80, 100])
  })

  test('end with the zone, also where a tick stops it', () => {
    const world = startWorld()
    const zone = world.server.zones.start(chat.defineZone({ init: () => undefined, handleTick: (zone) => zone.stop() }))
    world.clock.advance(100)
    expect(zone.frame).toBe(1)
    expect(world.gauges()).toMatchObject({ timers: 0, zones: 0 })
  })

  test('a throwing tick is reported, and ticks go on', () => {
    const world = startWorld({ expectReports: true })
    const zone = world.server.zones.start(
      chat.defineZone({
        init: () => undefined,
        handleTick() {
          throw new Error('tick')
        },
      }),
    )
    world.clock.advance(60)
    expect(zone.frame).toBe(3)
    expect(world.reports).toHaveLength(3)
    expect(world.reports[0]).toMatchObject({ kind: 'handler_threw', handler: 'handleTick' })
  })

  test.each([0, -1, NaN])('a tickMs of %s is refused, and nothing is left of the zone', (tickMs) => {
    const world = startWorld()
    expect(() => ticking(world, tickMs)).toThrow(expect.objectContaining({ code: 'bad_option' }))
    expect(world.gauges()).toMatchObject({ timers: 0, zones: 0 })
  })

  test('whatever the interval, the start and the pauses: each at most once per multiple, and never before it', () => {
    // Whole microseconds, as the simulator has them: what is tested is the grid, not the last bit of a fraction.
    const microseconds = (max: number): fc.Arbitrary<number> => fc.integer({ min: 500, max }).map((us) => us / 1_000)
    const tickMs = fc.oneof(fc.integer({ min: 1, max: 1_000 }), microseconds(100_000))
    const pauses = fc.array(microseconds(500_000), { maxLength: 20 })
    fc.assert(
      fc.property(tickMs, pauses, (tickMs, pauses) => {
        const world = new ServerWorld()
        const { at } = ticking(world, tickMs)
        for (const pause of pauses) {
          world.clock.advance(tickMs * 2.5)
          world.clock.pause(pause)
          world.clock.advance(0)
        }
        const multiples = at.map((time) => Math.floor(time / tickMs + 1e-6))
        expect(new Set(multiples).size).toBe(at.length)
        world.server.stop()
      }),
    )
  })
})

function ticking(
  world: ServerWorld,
  tickMs: number | undefined,
): { readonly zone: TypedZone<typeof chat.schema, never>; readonly at: number[] } {
  const start = world.clock.now()
  const at: number[] = []
  const zone = world.server.zones.start(
    chat.defineZone({
      ...(tickMs === undefined ? {} : { tickMs }),
      init: () => undefined,
      handleTick: (zone) => void at.push(zone.now() - start),
    }),
  )
  return { zone, at }
}
