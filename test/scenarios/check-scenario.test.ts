/** Reading scenarios from JSON: what is wrong is said with its path. */
import { describe, expect, test } from 'vitest'
import { NAMED_SCENARIOS, readScenario } from 'overworld/scenarios'

const alice = { name: 'alice', app: 'chat', transport: 'websocket' }
const good = { version: 1, name: 'x', seed: 1, durationMs: 1_000, server: {}, clients: [alice], steps: [] }
const withStep = (step: object): object => ({ ...good, steps: [{ atMs: 1, do: 'act', client: 'alice' }, step] })
const withClient = (client: object): object => ({ ...good, clients: [alice, { ...alice, name: 'bob', ...client }] })

describe('a scenario is refused with the path of what is wrong', () => {
  test.each<readonly [unknown, string]>([
    [null, 'scenario must be an object'],
    [[], 'scenario must be an object'],
    [{ ...good, version: 2 }, 'version must be 1'],
    [{ ...good, name: '' }, 'name must be a text'],
    [{ ...good, seed: -1 }, 'seed must be an integer from 0 to 4294967295'],
    [{ ...good, seed: 0.5 }, 'seed must be an integer'],
    [{ ...good, durationMs: '20 s' }, 'durationMs must be a number'],
    [{ ...good, duration: 1 }, 'duration is unknown; there are version'],
    [{ ...good, server: { tickMs: -1 } }, 'server.tickMs must be a number'],
    [{ ...good, server: { disconnectTimeoutMs: 'always' } }, 'server.disconnectTimeoutMs must be a number'],
    [{ ...good, server: { timeoutMs: 1 } }, 'server.timeoutMs is unknown'],
    [{ ...good, clients: {} }, 'clients must be a list'],
    [{ ...good, clients: [alice, alice] }, "clients[1].name 'alice' is taken"],
    [withClient({ name: 'server' }), "clients[1].name is the server's own"],
    [withClient({ name: 'b b' }), 'clients[1].name must be letters'],
    [withClient({ transport: 'tcp' }), 'clients[1].transport must be one of websocket, enet, not "tcp"'],
    [withClient({ link: { loss: 2 } }), 'clients[1].link'],
    [withClient({ link: { lag: 2 } }), 'clients[1].link'],
    [withClient({ preset: 'moon' }), 'clients[1].preset must be one of'],
    [{ ...good, steps: 'none' }, 'steps must be a list'],
    [withStep({ atMs: 1, do: 'explode', client: 'alice' }), 'steps[1].do must be one of connect'],
    [withStep({ atMs: 1, do: 'toString' }), 'steps[1].do must be one of connect'],
    [withStep({ do: 'end', client: 'alice' }), 'steps[1].atMs is missing'],
    [withStep({ atMs: 1, do: 'cut', client: 'alice' }), 'steps[1].forMs is missing'],
    [withStep({ atMs: 1, do: 'cut', client: 'alice', forMs: NaN }), 'steps[1].forMs must be a number'],
    [withStep({ atMs: 1, do: 'end', client: 'eve' }), 'steps[1].client there is no client "eve"'],
    [withStep({ atMs: 1, do: 'pause', host: 'eve', forMs: 1 }), 'steps[1].host there is no host "eve"'],
    [withStep({ atMs: 1, do: 'crash', host: 'alice', forMs: 1 }), 'steps[1].host must be one of server'],
    [withStep({ atMs: 1, do: 'partition', clients: ['eve'], forMs: 1 }), 'steps[1].clients there is no client "eve"'],
    [withStep({ atMs: 1, do: 'misbehave', client: 'alice', how: 'nicely' }), 'steps[1].how must be one of'],
  ])('%j: %s', (json, message) => {
    expect(() => readScenario(json)).toThrow(`this is no scenario: ${message}`)
  })
})

test('a good scenario is read as it is', () => {
  expect(readScenario(good)).toBe(good)
})

test('every named scenario can be written to a file and read again', () => {
  for (const scenario of NAMED_SCENARIOS) expect(readScenario(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario)
})
