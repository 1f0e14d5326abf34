/**
 * One life of a bot (see `BotSelf`): it listens for as long as that lasts, and acts under one name. What a bot does to
 * its membership or its client by itself is told to the player, whose program it is.
 */
import type {
  SchemaApp,
  Client,
  ClientEvents,
  MessageName,
  Received,
  Room,
  RpcName,
  Schema,
  Sendable,
} from '../../core/index.ts'
import type { RandomStream } from '../../sim/index.ts'
import type { AppCheck, AppGoal, SimulatedApp } from '../simulated-app.ts'

export interface BotLifeOptions {
  readonly app: SimulatedApp
  readonly client: Client
  readonly name: string
  readonly life: number
  readonly random: RandomStream
  readonly check: AppCheck
  readonly reach: AppGoal
  /** Whether its bot listens. */
  readonly listens: boolean
  /** The id of the session in which it begins, unless the client is just about to tell of it. */
  readonly session: number | undefined
  /** Whether what is heard at the moment was sent before it joined. */
  readonly isOld: () => boolean
  readonly deeds: BotDeeds
}

/** What a bot may do to the program that it is part of. */
export interface BotDeeds {
  joined(app: { readonly name: string }, hasSent: boolean): void
  parted(app: { readonly name: string }): void
  connect(): void
  disconnect(): void
  end(): void
}

export class BotLife {
  readonly name: string
  readonly app: SimulatedApp
  /** Whether it has joined its zone: another join is another life. */
  hasJoined = false
  readonly #life: number
  readonly #random: RandomStream
  readonly #room: Room<Schema>
  readonly #stops: (() => void)[] = []
  #acts = 0
  #isOver = false

  constructor({ app, client, name, life, random, check, reach, listens, session, isOld, deeds }: BotLifeOptions) {
    this.app = app
    this.name = name
    this.#life = life
    this.#random = random
    const keep = (stop: () => void): (() => void) => {
      if (this.#isOver) stop()
      else this.#stops.push(stop)
      return stop
    }
    const heard: Heard = { status: [], session: [] }
    const own = ofBot(client, { keep, isOld, deeds, heard })
    this.#room = own.app(app.app)
    if (!listens || app.bot.listen === undefined) return
    app.bot.listen(this.#room, { name, life, random, client: own }, check, reach)
    // What a listener would know if it had been there from the start.
    if (client.status.kind !== 'idle') for (const listener of heard.status) listener(client.status)
    if (session === undefined) return
    const established = { id: session, resumed: false, zone: undefined, isZoneKnown: true, skewed: [] }
    for (const listener of heard.session) listener(established)
  }

  act(): void {
    const self = { name: this.name, life: this.#life, count: this.#acts++, random: this.#random }
    this.app.bot.act(this.#room, self)
  }

  /** Its listeners hear no more. */
  end(): void {
    this.#isOver = true
    for (const stop of this.#stops.splice(0)) stop()
  }
}

interface Heard {
  readonly status: ((status: ClientEvents['status']) => void)[]
  readonly session: ((session: ClientEvents['session']) => void)[]
}

interface Bounds {
  readonly keep: Keep
  readonly isOld: () => boolean
  readonly deeds: BotDeeds
}

type Keep = (stop: () => void) => () => void

class BotRoom<S extends Schema> implements Room<S> {
  readonly app: SchemaApp<S>
  readonly client: Client
  readonly #room: Room<S>
  readonly #keep: Keep
  readonly #isOld: () => boolean
  readonly #deeds: BotDeeds

  constructor(room: Room<S>, client: Client, { keep, isOld, deeds }: Bounds) {
    this.app = room.app
    this.client = client
    this.#room = room
    this.#keep = keep
    this.#isOld = isOld
    this.#deeds = deeds
  }

  join(message: Sendable<S, 'join' & MessageName<S>>): boolean {
    const hasSent = this.#room.join(message)
    this.#deeds.joined(this.app, hasSent)
    return hasSent
  }

  part(message: Sendable<S, 'part' & MessageName<S>>): boolean {
    const hasSent = this.#room.part(message)
    this.#deeds.parted(this.app)
    return hasSent
  }

  send<Name extends RpcName<S>>(type: Name, message: Sendable<S, Name>): boolean {
    return this.#room.send(type, message)
  }

  on<Name extends RpcName<S>>(type: Name, listener: (message: Received<S, Name>) => void): () => void {
    return this.#keep(this.#room.on(type, (message) => !this.#isOld() && listener(message)))
  }
}

/** The client as a bot has it: its listeners end with the life, and the player knows what the bot does to it. */
function ofBot(client: Client, bounds: Bounds & { readonly heard: Heard }): Client {
  const { keep, deeds, heard } = bounds
  const on: Client['on'] = (name, listener) => {
    if (name === 'status') heard.status.push(listener as never)
    else if (name === 'session') heard.session.push(listener as never)
    return keep(client.on(name, listener))
  }
  const replaced: Partial<Record<PropertyKey, unknown>> = {
    on,
    app: <S extends Schema>(app: SchemaApp<S>): Room<S> => new BotRoom(client.app(app), own, bounds),
    connect: () => deeds.connect(),
    disconnect: () => deeds.disconnect(),
    end: () => deeds.end(),
  }
  const own = new Proxy(client, {
    get(target, key) {
      if (Object.hasOwn(replaced, key)) return replaced[key]
      const value: unknown = Reflect.get(target, key, target)
      // Methods look at private fields, which a proxy has none of.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return own
}
