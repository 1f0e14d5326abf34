/**
 * A session without a connection, as a game's own code keeps one for an NPC: started by hand, with receivers that take
 * its messages, and calls that throw where they cannot be carried out.
 */
import { OverworldError, type InProcessProxy, type Room, type Schema, type Session } from '../../core/index.ts'
import type { RandomStream } from '../../sim/index.ts'
import type { CallbackFailure, NpcCall } from '../observer/observation.ts'
import { formOf } from '../observer/server-tap.ts'
import type { NpcAction } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import type { ScenarioWorld } from './scenario-world.ts'

/** Those with an own `disconnectTimeout` have this one. */
const OWN_TIMEOUT_MS = 1_200
/** Each third message is too much for some receivers. */
const FAILS_EVERY = 3

/** Starts the session of an NPC; undefined where the server has stopped and takes none. */
export function startNpc(scene: ScenarioWorld, app: SimulatedApp, random: RandomStream): SimulatedNpc | undefined {
  const { number, proxy } = scene.receiver()
  // Every second one has what can be said of a session when it is started.
  const isOdd = number % 2 === 1
  const own = isOdd ? { disconnectTimeout: OWN_TIMEOUT_MS, disconnectCallback: undefined } : {}
  const call: NpcCall = {
    kind: 'npc',
    what: 'start',
    session: 0,
    app: app.app.name,
    receiver: number,
    ...(isOdd && { timeoutMs: OWN_TIMEOUT_MS, callback: 'none' as const }),
    error: undefined,
  }
  let npc: SimulatedNpc | undefined
  scene.call(call, () => {
    throwing(call, () => {
      const session = scene.world.server.sessions.start({ proxy, gameData: number, ...own })
      call.session = session.id
      npc = new SimulatedNpc(scene, number, app, random, session)
      scene.names.set(session, npc.name)
    })
  })
  return npc
}

export class SimulatedNpc {
  readonly #scene: ScenarioWorld
  /** As its bot knows itself: no other is called like that. */
  readonly name: string
  readonly app: SimulatedApp
  readonly #random: RandomStream
  readonly session: Session
  #gameData: number
  /** A player that is given its session plays on under its name, in another life. */
  readonly #life: number
  #acts = 0
  #joins = 0

  /** Use `startNpc`. */
  constructor(scene: ScenarioWorld, number: number, app: SimulatedApp, random: RandomStream, session: Session) {
    this.#scene = scene
    this.name = `npc${number}`
    this.#life = scene.names.nextLife(this.name)
    this.app = app
    this.#random = random
    this.session = session
    this.#gameData = number
  }

  do(what: NpcAction): void {
    const session = this.session
    const isAsSet = session.gameData === this.#gameData || this.#scene.hasDataOfZone(session)
    this.#scene.checks.check('session-as-it-is', isAsSet, () => {
      return `session ${session.id} has gameData ${String(session.gameData)}; it was set to ${this.#gameData}`
    })
    const { app, bot } = this.app
    switch (what) {
      case 'start':
        return
      case 'join':
        this.#call(what, () => session.join(app, bot.join(this.name, this.#joins++)))
        return
      case 'part':
        this.#call(what, () => session.part(app, bot.part?.(this.name) ?? {}))
        return
      case 'act':
        this.#act()
        return
      case 'lose':
        this.#call(what, () => (session.proxy = undefined))
        return
      case 'return': {
        const { number, proxy } = this.#scene.receiver()
        this.#call(what, () => (session.proxy = proxy), { receiver: number })
        return
      }
      case 'keep':
        this.#call(what, () => {
          const { proxy } = session
          session.proxy = proxy
        })
        return
      case 'join_last':
        this.#joinLast()
        return
      case 'watch':
      case 'watch_badly':
      case 'unwatch': {
        const badly = session.id % 2 === 0 ? 'failing' : 'promising'
        const callback = what === 'watch' ? 'own' : what === 'watch_badly' ? badly : 'none'
        this.#call(what, () => (session.disconnectCallback = this.#scene.disconnectCallback(callback)), { callback })
        return
      }
      case 'remember':
        this.#call(what, () => {
          session.gameData = this.#gameData + 1
          this.#gameData++
        })
        return
      case 'want_bytes':
        this.#call(what, () => (session.serializer = 'protobuf'))
        return
      case 'disconnect':
        this.#call(what, () => session.disconnect())
        return
      case 'stop':
        this.#call(what, () => session.stop())
        return
    }
  }

  #joinLast(): void {
    const { app, bot } = this.app
    const zone = this.#scene.world.server.zones.list(app).at(-1)
    if (zone === undefined) return
    const join = (): void => this.session.join(app, bot.join(this.name, this.#joins++), zone)
    this.#call('join_last', join, { zone: zone.name })
  }

  /** As its bot would over a connection, but what cannot be done is thrown. */
  #act(): void {
    const { bot, hasNpcs } = this.app
    // What a bot does may rest on what it has heard, and an NPC hears nothing.
    if (bot.listen !== undefined && hasNpcs !== true) return
    const { session } = this
    const { app } = this.app
    const room = {
      app,
      join: (message: object) => {
        this.#call('join', () => session.join(app, message as never))
        return true
      },
      part: (message: object) => {
        this.#call('part', () => session.part(app, message as never))
        return true
      },
      send: (type: string, message: object) => {
        this.#call(`rpc.${type}`, () => session.rpc(app, type as never, message as never))
        return true
      },
      on: () => () => undefined,
    }
    const self = { name: this.name, life: this.#life, count: this.#acts++, random: this.#random }
    bot.act(room as unknown as Room<Schema>, self)
  }

  #call(
    what: NpcCall['what'],
    run: () => void,
    more: Pick<NpcCall, 'zone' | 'callback'> & { readonly receiver?: number } = {},
  ): void {
    const { id: session } = this.session
    const app = this.app.app.name
    const call: NpcCall = { kind: 'npc', what, session, app, receiver: undefined, error: undefined, ...more }
    this.#scene.call(call, () => throwing(call, run))
  }
}

/** Notes what `run` throws at its caller. */
export function throwing(call: { error: string | undefined }, run: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof OverworldError)) throw error
    call.error = error.code
  }
}

/** What a receiver got. `delivered` fails in the way that it is told, if it is told one. */
export interface ReceiverEvents {
  delivered(type: string, form: 'frozen' | 'thawed' | 'bytes', failure: CallbackFailure | undefined): undefined
  closed(code: number): void
}

const FAILURES: readonly CallbackFailure[] = ['threw on purpose', 'promised on purpose']

/** `fails`: now and then it does. */
export function watchedReceiver(events: ReceiverEvents, fails: boolean): InProcessProxy {
  let count = 0
  return {
    deliver: (type, message) => {
      const failure = fails && ++count % FAILS_EVERY === 0 ? FAILURES[(count / FAILS_EVERY) % 2] : undefined
      return events.delivered(type, formOf(message), failure)
    },
    closed: (code) => events.closed(code),
  }
}
