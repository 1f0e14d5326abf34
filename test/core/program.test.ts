/** Programs and who runs them: the addresses that they are given, the defaults of their server, and what breaks the contract. */
import {
  createServer,
  recordServer,
  Shell,
  strictProgram,
  type Network,
  type PartialServerOptions,
  type ProgramParts,
  type Report,
  type Server,
  type ServerDefaults,
  type ServerInit,
  type ServerOptions,
  type ServerProgram,
} from 'overworld'
import { replay } from 'overworld/sim'
import { chat } from 'overworld/scenarios'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { entriesOf } from '../recording/recorded-run.ts'
import { SeededRandom } from './support/seeded-random.ts'
import { VirtualClock } from './support/virtual-clock.ts'

afterEach(() => void vi.restoreAllMocks())

const WS = 'ws://127.0.0.1:4433/ws'
const ENET = 'enet://127.0.0.1:4483'

function shellWith(defaults?: ServerDefaults): Shell {
  return new Shell({
    clock: new VirtualClock(),
    random: new SeededRandom(1),
    ...(defaults !== undefined && { defaults }),
  })
}

/** What was listened at comes to `listened`. */
function networkOf(listened: string[]): Network {
  return {
    listen(address) {
      listened.push(address)
      return { address, close: (done) => done?.() }
    },
    connect: () => {
      throw new Error('nobody dials')
    },
  }
}

function partsOf(listened: string[], shell = shellWith()): ProgramParts {
  const { clock, random } = shell
  return { clock, random, network: networkOf(listened), addresses: [WS, ENET], shell }
}

function programOf(boot: (parts: ProgramParts) => unknown): ServerProgram {
  return { apps: [chat], boot: boot as ServerProgram['boot'] }
}

function serverOf({ clock, random, shell }: ProgramParts, options: Partial<ServerInit> = {}): Server {
  return createServer({ clock, random, shell, apps: [chat], ...options })
}

const wellBehaved = programOf((parts) => {
  const server = serverOf(parts)
  for (const address of parts.addresses) server.listen(parts.network, address)
  return server
})

describe('strictProgram', () => {
  test('lets a program listen at the addresses of its parts, at all or at some', () => {
    const listened: string[] = []
    const parts = partsOf(listened)
    expect(strictProgram(wellBehaved).boot(parts).stats().sessions).toBe(0)
    expect(listened).toEqual([WS, ENET])
    const one = programOf((given) => {
      const server = serverOf(given)
      server.listen(given.network, ENET)
      return server
    })
    strictProgram(one).boot(partsOf(listened))
    expect(listened).toEqual([WS, ENET, ENET])
  })

  test('keeps its apps and its commands', () => {
    const commands = { greet: () => undefined }
    expect(strictProgram({ ...wellBehaved, commands })).toMatchObject({ apps: [chat], commands })
    expect('commands' in strictProgram(wellBehaved)).toBe(false)
  })

  test('refuses another address, and names it', () => {
    const listened: string[] = []
    const elsewhere = programOf((parts) => {
      const server = serverOf(parts)
      server.listen(parts.network, 'ws://0.0.0.0:8080/ws')
      return server
    })
    expect(() => strictProgram(elsewhere).boot(partsOf(listened))).toThrow(
      expect.objectContaining({
        code: 'bad_program',
        message: expect.stringContaining(
          `listens at ws://0.0.0.0:8080/ws, and its parts say ${WS} and ${ENET}`,
        ) as string,
      }),
    )
    expect(listened).toEqual([])
  })

  test('refuses another address after the boot as well', () => {
    const parts = partsOf([])
    let network: Network | undefined
    const later = programOf((given) => {
      network = given.network
      return wellBehaved.boot(given)
    })
    const server = strictProgram(later).boot(parts)
    expect(() => server.listen(network as Network, 'ws://127.0.0.1:1/ws')).toThrow(
      /listens at ws:\/\/127\.0\.0\.1:1\/ws/,
    )
  })

  test.each<readonly [string, (parts: ProgramParts) => unknown, RegExp]>([
    ['listens nowhere', (parts) => serverOf(parts), /listens nowhere/],
    ['returns nothing', (parts) => void wellBehaved.boot(parts), /boot must return the server/],
    ['returns something else', () => ({ server: 1 }), /boot must return the server/],
    ['is async', async (parts) => await Promise.resolve(wellBehaved.boot(parts)), /must not be async/],
    [
      'keeps the shell to itself',
      (parts) => wellBehaved.boot({ ...parts, shell: undefined }),
      /not given the `shell` of the parts/,
    ],
  ])('refuses a program that %s', (_, boot, message) => {
    const refused = (): Server => strictProgram(programOf(boot)).boot(partsOf([]))
    expect(refused).toThrow(
      expect.objectContaining({ code: 'bad_program', message: expect.stringMatching(message) as string }),
    )
  })
})

describe('the defaults of a shell', () => {
  const optionsOf = (defaults: ServerDefaults, own: PartialServerOptions = {}): ServerOptions =>
    serverOf(partsOf([], shellWith(defaults)), own).options

  test('count where the server itself says nothing', () => {
    const defaults = {
      disconnectTimeout: 1_000,
      requestTimeout: 2_000,
      livenessTimeout: 30_000,
      beaconIntervalMs: 2_000,
    }
    expect(optionsOf(defaults)).toMatchObject(defaults)
    expect(optionsOf(defaults, { livenessTimeout: 40_000 })).toMatchObject({ ...defaults, livenessTimeout: 40_000 })
    expect(optionsOf({ disconnectTimeout: 0 }).disconnectTimeout).toBe(0)
    expect(optionsOf({ disconnectTimeout: 7 }, { disconnectTimeout: 0 }).disconnectTimeout).toBe(0)
    expect(optionsOf({}).disconnectTimeout).toBe(5_000)
  })

  test('are taken for each limit by itself', () => {
    const { limits } = optionsOf({ limits: { sessions: 50 } }, { limits: { messageBytes: 1_000 } })
    expect(limits).toMatchObject({ sessions: 50, sessionsPerAddress: 25, messageBytes: 1_000, connections: 20_000 })
  })

  test('leave a server that says how many sessions it has the connections for these', () => {
    const defaults = { limits: { sessions: 50, connections: 100 } }
    expect(optionsOf(defaults).limits).toMatchObject({ sessions: 50, connections: 100 })
    expect(optionsOf(defaults, { limits: { sessions: 9_000 } }).limits).toMatchObject({
      sessions: 9_000,
      connections: 20_000,
    })
    expect(optionsOf(defaults, { limits: { sessions: 9_000, connections: 9_500 } }).limits.connections).toBe(9_500)
  })

  test('are checked when the server is created', () => {
    expect(() => optionsOf({ disconectTimeout: 1 } as ServerDefaults)).toThrow(/did you mean disconnectTimeout/)
    expect(() => optionsOf({ limits: { session: 1 } } as unknown as ServerDefaults)).toThrow(/did you mean sessions/)
    expect(() => optionsOf({ livenessTimeout: 1 })).toThrow(/livenessTimeout must be 0/)
    expect(() => optionsOf({ limits: null } as unknown as ServerDefaults)).toThrow(/limits must be an object/)
    expect(() => optionsOf({}, { limits: 5 } as unknown as PartialServerOptions)).toThrow(/limits must be an object/)
  })

  test('may be set until then', () => {
    const shell = shellWith()
    shell.defaults = { disconnectTimeout: 3 }
    expect(serverOf(partsOf([], shell)).options.disconnectTimeout).toBe(3)
  })
})

describe('reports', () => {
  const failing = chat.defineZone({
    init: () => undefined,
    handleInfo(_message: object) {
      throw new Error('what a mess')
    },
  })

  function fail(server: Server): void {
    server.zones.start(failing, { name: 'den' }).tell({})
  }

  test('go to the onReport of the defaults where the server has none', () => {
    const heard: Report[] = []
    fail(serverOf(partsOf([], shellWith({ onReport: (report) => void heard.push(report) }))))
    expect(heard).toMatchObject([{ kind: 'handler_threw', handler: 'handleInfo' }])
  })

  test('go to its own where it has one', () => {
    const own: Report[] = []
    const others = vi.fn()
    fail(serverOf(partsOf([], shellWith({ onReport: others })), { onReport: (report) => void own.push(report) }))
    expect(own).toHaveLength(1)
    expect(others).not.toHaveBeenCalled()
  })

  test('go to the console where nobody has one', () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const server = serverOf(partsOf([]))
    fail(server)
    expect(printed).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/^handleInfo of zone 'den' threw: what a mess\n/) as string,
    )
    expect(server.stats().throwsTotal).toBe(1)
  })
})

describe('a recording', () => {
  const told: (readonly [addresses: readonly string[], timeout: number])[] = []
  const telling = programOf((parts) => {
    const server = wellBehaved.boot(parts)
    told.push([parts.addresses, server.options.disconnectTimeout])
    return server
  })

  function record(
    addresses: readonly string[] | undefined,
    defaults: ServerDefaults = {},
    isRedacted = false,
  ): Uint8Array {
    const blocks: Uint8Array[] = []
    const shell = shellWith(defaults)
    const { clock, random } = shell
    const sink = { append: (bytes: Uint8Array) => void blocks.push(bytes) }
    const options = {
      clock,
      random,
      shell,
      sink,
      recording: 'r',
      isRedacted,
      ...(addresses !== undefined && { addresses }),
    }
    const { recorder } = recordServer(telling, networkOf([]), options)
    recorder.stop()
    return Uint8Array.from(blocks.flatMap((block) => [...block]))
  }

  test('boots with the addresses and the defaults that its program was given', () => {
    told.length = 0
    const file = record([WS, ENET], { disconnectTimeout: Infinity, limits: { sessions: 3 } })
    const entries = [...entriesOf([file])]
    expect(entries[0]).toMatchObject({
      kind: 'boot',
      addresses: [WS, ENET],
      options: { disconnectTimeout: Infinity, limits: { sessions: 3 } },
    })
    expect(replay(entries, telling)).toMatchObject({ identical: true, end: 'ended' })
    expect(told).toEqual([
      [[WS, ENET], Infinity],
      [[WS, ENET], Infinity],
    ])
  })

  test('of a program with addresses of its own is replayed by one that is given these', () => {
    const own = programOf((parts) => {
      const server = serverOf(parts)
      server.listen(parts.network, 'ws://0.0.0.0:80/ws')
      return server
    })
    const blocks: Uint8Array[] = []
    const { clock, random } = shellWith()
    const sink = { append: (bytes: Uint8Array) => void blocks.push(bytes) }
    recordServer(own, networkOf([]), { clock, random, sink, recording: 'r' }).recorder.stop()
    const entries = [...entriesOf(blocks)]
    expect(entries[0]).toEqual({ kind: 'boot', atMs: expect.any(Number) as number })
    expect(replay(entries, own).identical).toBe(true)
    expect(replay(entries, wellBehaved).identical).toBe(true)
  })

  test('that is redacted says nothing of them', () => {
    const [first] = entriesOf([record([WS], { disconnectTimeout: 1 }, true)])
    expect(first).toEqual({ kind: 'boot', atMs: expect.any(Number) as number })
  })

  test('reports nothing anew when it is replayed', () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const failing = programOf((parts) => {
      const server = wellBehaved.boot(parts)
      const zone = chat.defineZone({
        init: () => undefined,
        handleInfo: (_message: object) => {
          throw new Error('again')
        },
      })
      server.zones.start(zone).tell({})
      return server
    })
    const blocks: Uint8Array[] = []
    const { clock, random } = shellWith()
    const sink = { append: (bytes: Uint8Array) => void blocks.push(bytes) }
    recordServer(failing, networkOf([]), { clock, random, sink, addresses: [WS], recording: 'r' }).recorder.stop()
    expect(printed).toHaveBeenCalledTimes(1)
    expect(replay(entriesOf(blocks), failing).identical).toBe(true)
    expect(printed).toHaveBeenCalledTimes(1)
  })
})
