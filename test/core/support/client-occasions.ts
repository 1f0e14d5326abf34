/** A client in each of its states, and how each event of its table is made to happen there. */
import { onTestFinished } from 'vitest'
import { Client } from '../../../core/client/client.ts'
import type { ClientTap } from '../../../core/client/client-tap.ts'
import type { ClientEvent, ClientState } from '../../../core/client/client-words.ts'
import type { Stored, TokenStore } from '../../../core/client/token-store.ts'
import type { Clock } from '../../../core/injected.ts'
import { protocol } from '../../../core/protocol.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { Dial, FakeNetwork } from './fake-network.ts'
import { SeededRandom } from './seeded-random.ts'
import { VirtualClock } from './virtual-clock.ts'

const token = (n: number): Uint8Array => Dial.token(n)

/** A store that other programs use as well. */
class SharedStore implements TokenStore {
  stored: Stored | undefined
  onChange: (() => void) | undefined

  load(): Stored | undefined {
    return this.stored
  }

  save(stored: Stored): void {
    this.stored = stored
  }

  watch(onChange: () => void): () => void {
    this.onChange = onChange
    return () => (this.onChange = undefined)
  }

  /** Another program has saved the session `id`. */
  takeOver(id: number, bytes: Uint8Array): void {
    this.stored = { session: { sessionId: id, token: bytes, attempt: 90 }, attempt: 90 }
  }
}

/** Fires cancelled timers where it is told to, and throws where it is told to. */
class CarelessClock implements Clock {
  readonly #inner: VirtualClock
  #cancelled: (() => void) | undefined
  /** So many timers more can be set, and then one cannot. */
  failsAfter = Infinity

  constructor(inner: VirtualClock) {
    this.#inner = inner
  }

  now(): number {
    return this.#inner.now()
  }

  setTimer(delayMs: number, fire: () => void): { cancel(): void } {
    if (this.failsAfter-- === 0) throw new Error('no timer')
    const timer = this.#inner.setTimer(delayMs, fire)
    return {
      cancel: () => {
        this.#cancelled = fire
        timer.cancel()
      },
    }
  }

  fireCancelled(): void {
    this.#cancelled?.()
  }
}

export interface OccasionWorld {
  readonly clock: VirtualClock
  readonly careless: CarelessClock
  readonly network: FakeNetwork
  readonly store: SharedStore
  readonly client: Client
  /** What can be seen from outside, a line each, since it was emptied last. */
  readonly seen: string[]
  /** The same of what the table has decided: `state event`. */
  readonly decided: string[]
}

export function startOccasion(): OccasionWorld {
  const clock = new VirtualClock()
  const careless = new CarelessClock(clock)
  const network = new FakeNetwork(clock)
  const store = new SharedStore()
  const seen: string[] = []
  const decided: string[] = []
  const client = new Client({
    clock: careless,
    random: new SeededRandom(1),
    network,
    store,
    address: 'ws://server/ws',
    // Not those of liveness and of a sign of life, so that each can be waited for.
    connectTimeout: 7_000,
    taps: [lines(seen, decided)],
  })
  client.app(chat).on('channel_msg', ({ text }) => void seen.push(`heard ${text}`))
  onTestFinished(() => {
    careless.failsAfter = Infinity
    forgiving(() => client.end())
    clock.advance(1_000)
    if (clock.size > 0) throw new Error(`${clock.size} timers are left over`)
  })
  return { clock, careless, network, store, client, seen, decided }
}

/** Each output and each thing that the program is told, in a few words. Timers: `+` is set, `-` is cancelled. */
function lines(seen: string[], decided: string[]): ClientTap {
  return {
    decided: (event, state) => void decided.push(`${state} ${event}`),
    dialled: () => void seen.push('dials'),
    send: (link, _bytes, _delivery, _app, type, message) => {
      const isNew = type === 'session_request' && tokenLength(message) === 0
      seen.push(`sends ${type}${isNew ? ' for a new session' : ''} on ${link}`)
    },
    close: (link, code) => void seen.push(`closes ${link} with ${code}`),
    setTimer: (_timer, { name }) => void seen.push(`+${name}`),
    cancelTimer: (_timer, { name }) => void seen.push(`-${name}`),
    stored: ({ session }) =>
      void seen.push(session === undefined ? 'stores none' : `stores session ${session.sessionId}`),
    emitted: (name, value) => {
      if (name !== 'status') {
        seen.push(name === 'undecodable' ? name : `${name} ${inWords(value)}`)
        return
      }
      const { kind, code } = value as { readonly kind: string; readonly code?: number }
      seen.push(code === undefined ? `is ${kind}` : `is ${kind} ${code}`)
    },
  }
}

function inWords(value: unknown): string {
  if (typeof value === 'number') return String(value)
  const { id, reason } = value as { readonly id?: number; readonly reason?: string }
  return String(id ?? reason)
}

function tokenLength(message: object): number {
  const { reconnect_token } = message as { readonly reconnect_token?: Uint8Array }
  return reconnect_token?.length ?? 0
}

function forgiving(run: () => void): void {
  try {
    run()
  } catch {
    // What comes out is what the occasion has caused.
  }
}

/** How a client gets into each state. Its first connection, number 1, is over long since. */
export const WAYS: Readonly<Record<ClientState, (world: OccasionWorld) => void>> = {
  idle: ({ client, network, clock }) => {
    client.connect()
    network.last.establish(1, token(1))
    client.disconnect()
    clock.advance(1_000)
  },
  dialled: (world) => {
    WAYS.idle(world)
    world.client.connect()
  },
  requested: (world) => {
    WAYS.dialled(world)
    world.network.last.open()
  },
  assigned: (world) => {
    WAYS.requested(world)
    world.network.last.sessionNewAlone(1, token(2))
  },
  connected: (world) => {
    WAYS.assigned(world)
    world.network.last.say(protocol, 'session_state', {})
  },
  reassigned: (world) => {
    WAYS.connected(world)
    world.network.last.sessionNewAlone(2, token(3))
  },
  switching_dialled: (world) => {
    WAYS.connected(world)
    world.client.connect()
  },
  switching_requested: (world) => {
    WAYS.switching_dialled(world)
    world.network.last.open()
  },
  waiting: (world) => {
    WAYS.connected(world)
    world.network.last.breakOff()
  },
  ended: (world) => {
    WAYS.connected(world)
    world.client.end()
    world.clock.advance(1_000)
  },
}

type Occasion = (world: OccasionWorld) => void

const receive =
  (...bytes: readonly number[]): Occasion =>
  ({ network }) =>
    network.last.receive(Uint8Array.from(bytes))

/** Opens the connection once more: no row, so that the client gives it up. */
const failAnAssertion: Occasion = ({ network }) => network.last.open()

const newSession =
  (id: number): Occasion =>
  ({ network }) =>
    network.last.sessionNewAlone(id, token(9))

const denyToken: Occasion = ({ network }) => network.last.deny('bad_token')

/** While the client answers a beacon, its network does this, and throws. */
const failToSend =
  (first: (world: OccasionWorld) => void): Occasion =>
  (world) => {
    const dial = world.network.last
    dial.send = () => {
      first(world)
      throw new Error('cannot send')
    }
    dial.beacon(3)
  }

/** How each event happens. */
const OCCASIONS: Readonly<Record<ClientEvent, Occasion>> = {
  connect_called: ({ client }) => client.connect(),
  disconnect_called: ({ client }) => client.disconnect(),
  end_called: ({ client }) => client.end(),
  wake_called: ({ client }) => client.wake(),
  dial_threw: (world) => {
    world.network.failure = new Error('cannot dial')
    world.client.connect()
  },
  redial_threw: (world) => {
    world.network.failure = new Error('cannot dial')
    world.clock.advanceToNextTimer()
  },
  no_timer: ({ careless, network }) => {
    careless.failsAfter = 0
    network.last.breakOff()
  },
  opened: ({ network }) => network.last.open(),
  protocol_message: receive(0, 100, 0xff),
  alive: ({ network }) => network.last.handler?.alive?.(),
  closed: ({ network }) => network.last.breakOff(1006),
  closed_for_good: ({ network }) => network.last.breakOff(4500),
  stale_link: ({ network }) => network.dials[0]?.handler?.message(Uint8Array.of(0), { mode: 'reliable', channel: 0 }),
  session_new: newSession(1),
  session_back: newSession(1),
  session_again: newSession(1),
  superseded: ({ store }) => {
    store.takeOver(7, token(7))
    store.onChange?.()
  },
  session_state: ({ network }) => network.last.say(protocol, 'session_state', {}),
  beacon: ({ network }) => network.last.beacon(3),
  pong: ({ network }) => network.last.pong(4),
  denied: ({ network }) => network.last.deny('no_zone'),
  denied_unknown: receive(0, 100, 0x32, 2, 8, 7),
  session_denied: denyToken,
  token_outdated: (world) => {
    world.store.takeOver(1, token(7))
    denyToken(world)
  },
  undecodable: receive(0, 100, 0xff),
  app_message: ({ network }) => network.last.say(chat, 'channel_msg', { text: 'a' }),
  app_message_over: ({ network }) => {
    for (let count = 0; count < 65; count++) network.last.say(chat, 'channel_msg', { text: 'a' })
  },
  connect_timeout: ({ clock }) => clock.advance(7_000),
  silent: ({ clock }) => clock.advance(5_000),
  no_sign: ({ clock }) => clock.advance(2_000),
  retry_due: ({ clock }) => void clock.advanceToNextTimer(),
  stale_timer: ({ careless }) => careless.fireCancelled(),
  failed: failAnAssertion,
}

interface Way {
  /** From where the event is made to happen, where that is not the state of the pair. */
  readonly from?: ClientState
  /** What happens before, and is not looked at. */
  readonly first?: Occasion
  readonly occasion?: Occasion
}

/** In answer to `wake`; liveness counts from then on, so that nothing is amiss 4.5 s later. */
function heardInTime(event: ClientEvent, then: Occasion = () => undefined): Way {
  return {
    first: ({ client, clock }) => {
      client.wake()
      clock.advance(1_000)
    },
    occasion: (world) => {
      OCCASIONS[event](world)
      world.clock.advance(4_500)
      then(world)
    },
  }
}

/** A message that is held, and told when the program knows of its session. */
function held(then: Occasion): Way {
  return {
    occasion: (world) => {
      OCCASIONS.app_message(world)
      then(world)
    },
  }
}

/** Pairs that take more than their state and their event. */
const SPECIAL: Readonly<Record<string, Way>> = {
  'dialled dial_threw': { from: 'idle' },
  'switching_dialled dial_threw': { from: 'connected' },
  'dialled redial_threw': { from: 'waiting' },
  'waiting no_timer': { from: 'connected' },
  'connected protocol_message': heardInTime('protocol_message'),
  'reassigned protocol_message': heardInTime('protocol_message'),
  'connected app_message': heardInTime('app_message'),
  'reassigned app_message_over': heardInTime('app_message_over'),
  'connected alive': heardInTime('alive'),
  'reassigned alive': heardInTime('alive'),
  'connected no_sign': { first: ({ client }) => client.wake() },
  'reassigned no_sign': { first: ({ client }) => client.wake() },
  'assigned session_new': { occasion: newSession(2) },
  'connected session_new': { occasion: newSession(2) },
  'reassigned session_new': { occasion: newSession(3) },
  'reassigned session_again': { occasion: newSession(2) },
  'reassigned session_back': {
    first: ({ network }) => network.last.say(chat, 'channel_msg', { text: 'held' }),
  },
  'requested app_message': held(({ network }) => network.last.sessionNew(1, token(9))),
  'switching_requested app_message': held(({ network }) => network.last.sessionNew(1, token(9))),
  'assigned app_message': held((world) => OCCASIONS.session_state(world)),
  'reassigned app_message': heardInTime('app_message', (world) => OCCASIONS.session_state(world)),
  'dialled failed': {
    from: 'waiting',
    occasion: ({ careless, clock }) => {
      careless.failsAfter = 0
      clock.advanceToNextTimer()
    },
  },
  'switching_dialled failed': { from: 'connected', occasion: failToSend(({ client }) => client.connect()) },
  'idle failed': { from: 'connected', occasion: failToSend(({ client }) => client.disconnect()) },
  'ended failed': { from: 'connected', occasion: failToSend(({ client }) => client.end()) },
  'waiting failed': { from: 'connected', occasion: failToSend(({ network }) => network.last.breakOff()) },
}

/** Makes `event` happen in `state`, and returns what was seen of it from outside. */
export function observe(state: ClientState, event: ClientEvent): OccasionWorld {
  const world = startOccasion()
  const { from = state, first, occasion } = SPECIAL[`${state} ${event}`] ?? {}
  WAYS[from](world)
  forgiving(() => first?.(world))
  world.seen.length = 0
  world.decided.length = 0
  forgiving(() => (occasion ?? OCCASIONS[event])(world))
  return world
}
