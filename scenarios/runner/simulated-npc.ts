/**
 * A session without a connection, as a game's own code keeps one for an NPC: started by hand, with receivers that take
 * its messages, and calls that throw where they cannot be carried out.
 */
import {
  OverworldError,
  type AnyApp,
  type InProcessProxy,
  type Room,
  type Schema,
  type Session,
} from '../../core/index.ts'
import type { RandomStream } from '../../sim/index.ts'
import type { NpcCall } from '../observer/observation.ts'
import type { NpcAction } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import type { ScenarioWorld } from './scenario-world.ts'

/** Starts the session of an NPC; undefined where the server has stopped and takes none. */
export function startNpc(scene: ScenarioWorld, app: SimulatedApp, random: RandomStream): SimulatedNpc | undefined {
  const { number, proxy } = scene.receiver()
  const call: NpcCall = {
    kind: 'npc',
    what: 'start',
    session: 0,
    app: app.app.name,
    receiver: number,
    error: undefined,
  }
  let npc: SimulatedNpc | undefined
  scene.call(call, () => {
    throwing(call, () => {
      const session = scene.world.server.sessions.start({ proxy, gameData: number })
      call.session = session.id
      npc = new SimulatedNpc(scene, `npc${number}`, app, random, session)
    })
  })
  return npc
}

export class SimulatedNpc {
  readonly #scene: ScenarioWorld
  /** As its bot knows itself: no other is called like that. */
  readonly #name: string
  readonly #app: SimulatedApp
  readonly #random: RandomStream
  readonly #session: Session
  #acts = 0
  #joins = 0

  /** Use `startNpc`. */
  constructor(scene: ScenarioWorld, name: string, app: SimulatedApp, random: RandomStream, session: Session) {
    this.#scene = scene
    this.#name = name
    this.#app = app
    this.#random = random
    this.#session = session
  }

  do(what: NpcAction): void {
    const session = this.#session
    const { app, bot } = this.#app
    switch (what) {
      case 'start':
        return
      case 'join':
        this.#call(what, () => session.join(app, bot.join(this.#name, this.#joins++)))
        return
      case 'part':
        this.#call(what, () => session.part(app, {}))
        return
      case 'act':
        this.#act()
        return
      case 'lose':
        this.#call(what, () => (session.proxy = undefined))
        return
      case 'return': {
        const { number, proxy } = this.#scene.receiver()
        this.#call(what, () => (session.proxy = proxy), number)
        return
      }
      case 'want_bytes':
        this.#call(what, () => (session.serializer = 'protobuf'))
        return
      case 'stop':
        this.#call(what, () => session.stop())
        return
    }
  }

  /** As its bot would over a connection, but what cannot be done is thrown. */
  #act(): void {
    const room = {
      send: (type: string, message: object) => {
        this.#call(`rpc.${type}`, () => this.#session.rpc(this.#app.app, type as never, message as never))
        return true
      },
    }
    const self = { name: this.#name, life: 1, count: this.#acts++, random: this.#random }
    this.#app.bot.act(room as unknown as Room<Schema>, self)
  }

  #call(what: NpcCall['what'], run: () => void, receiver?: number): void {
    const { id: session } = this.#session
    const call: NpcCall = { kind: 'npc', what, session, app: this.#app.app.name, receiver, error: undefined }
    this.#scene.call(call, () => throwing(call, run))
  }
}

/** Notes what `run` throws at its caller. */
function throwing(call: NpcCall, run: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof OverworldError)) throw error
    call.error = error.code
  }
}

/** What a receiver got. */
export interface ReceiverEvents {
  delivered(type: string, app: AnyApp, form: 'frozen' | 'thawed' | 'bytes'): void
  closed(code: number): void
}

export function watchedReceiver(events: ReceiverEvents): InProcessProxy {
  return {
    deliver: (type, message, app) => {
      const form = message instanceof Uint8Array ? 'bytes' : Object.isFrozen(message) ? 'frozen' : 'thawed'
      events.delivered(type, app, form)
    },
    closed: (code) => events.closed(code),
  }
}
