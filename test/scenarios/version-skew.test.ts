/** Clients whose schema is not the server's: a page of yesterday, and one of tomorrow. */
import { describe, expect, test } from 'vitest'
import { referenceApps } from '../../scenarios/apps/bots.ts'
import { lab } from '../../scenarios/apps/lab.ts'
import { drawOptionsOf, drawScenario } from '../../scenarios/fuzz/draw-scenario.ts'
import { runScenario } from '../../scenarios/runner/run-scenario.ts'
import type { Scenario } from '../../scenarios/scenario.ts'

const apps = referenceApps(100)

function played(app: string, version: 'older' | 'newer'): Scenario {
  const client = { name: 'alice', app, transport: 'websocket', version } as const
  return { version: 1, name: 'skew', seed: 1, durationMs: 8_000, server: {}, clients: [client], steps: [] }
}

describe.each(['older', 'newer'] as const)('a client with the %s lab', (version) => {
  test('is told so, says what the server cannot decode, and stays', () => {
    const result = runScenario(played('lab', version), { apps })
    expect(result.failure).toBeUndefined()
    expect(result.clients.get('alice')?.status).toBe('connected')
    expect(result.goals.get('skewed client told')).toBeGreaterThan(0)
    expect(result.goals.get('undecodable for skew')).toBeGreaterThan(0)
  })

  test('is drawn, and only of the lab', () => {
    const drawn = Array.from({ length: 60 }, (_, seed) => drawScenario(seed, drawOptionsOf(apps)))
    const versions = drawn.flatMap(({ clients }) => clients.filter((client) => client.version === version))
    expect(versions.length).toBeGreaterThan(0)
    expect(versions.every(({ app }) => app === 'lab')).toBe(true)
  })
})

test('a version that an app does not have is refused', () => {
  expect(() => runScenario(played('chat', 'older'), { apps })).toThrow(expect.objectContaining({ code: 'bad_option' }))
})

test('a value that an enum does not have arrives as its number, in a required field as well', () => {
  const order = Uint8Array.of(0, 2, 0x1a, 4, 0x08, 1, 0x10, 99)
  expect(lab.codec.decode(order)).toEqual({ type: 'order', message: { number: 1, kind: 99 } })
})

test('a field that a message does not have is ignored', () => {
  const order = Uint8Array.of(0, 2, 0x1a, 6, 0x08, 1, 0x10, 1, 0x78, 5)
  expect(lab.codec.decode(order)).toEqual({ type: 'order', message: { number: 1, kind: 1 } })
})
