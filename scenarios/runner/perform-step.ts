/** What the steps of bots, of zones and of the game's own code do, beside those that any run has. */
import {
  OverworldError,
  type Schema,
  type Server,
  type Session,
  type TypedZone,
  type ZoneView,
} from '../../core/index.ts'
import type { AnyZone } from '../../sim/index.ts'
import type { Step } from '../scenario.ts'
import { FaultSteps } from './fault-steps.ts'
import { misuse } from './misuse.ts'
import { isOwn, type ScenarioWorld } from './scenario-world.ts'

/** An oddity that has not come to its moment by then does not happen. */
const ODD_MS = 10_000

export class StepPerformer extends FaultSteps {
  readonly #scene: ScenarioWorld
  #told = 0
  /** Their names: another zone never takes the place of one. */
  readonly #extraZones = new Set<string>()

  constructor(scene: ScenarioWorld) {
    super(scene)
    this.#scene = scene
  }

  override perform(step: Step): boolean {
    if (super.perform(step)) return true
    const scene = this.#scene
    switch (step.do) {
      case 'join':
      case 'part':
      case 'send':
      case 'send_bytes':
        scene.player(step.client).say(scene.sayings.of(step))
        return true
      case 'act':
        scene.player(step.client).act()
        return true
      case 'oddity':
        this.last(ODD_MS, { heal: scene.player(step.client).beOdd(step.what, step.when ?? 'now') })
        return true
      case 'remove':
        scene.withSession(step.client, (session) => {
          scene.call({ kind: 'remove', session: session.id }, () => session.zone?.remove(session))
        })
        return true
      case 'npc':
        scene.onServer(() => {
          if (step.what === 'start') scene.npc(step.name, step.app, true)
          else scene.npc(step.name, step.app, false)?.do(step.what)
        })
        return true
      case 'give_receiver':
        this.#giveReceiver(step.client)
        return true
      case 'give_connection':
        this.#giveConnection(step.client, step.to)
        return true
      case 'give_stranger':
        this.#giveStranger(step.client)
        return true
      case 'refuse_stranger':
        this.#refuseStranger(step.client, step.how)
        return true
      case 'send_directly':
        this.#sendDirectly(step.client)
        return true
      case 'misuse':
        misuse(step.how, scene, scene.player(step.client))
        return true
      case 'extra_zone':
        this.#startExtraZone(step.app, step.forMs)
        return true
      case 'stop_zone':
        this.#restartZone(step.app, step.forMs)
        return true
      case 'restart_zone':
        this.#restartZone(step.app)
        return true
      case 'tell':
        this.#tell(step)
        return true
      default:
        return false
    }
  }

  /** Of its first zone another one takes the place, after `forMs` if they are given. */
  #restartZone(app: string, forMs?: number): void {
    const scene = this.#scene
    scene.onServer((server) => {
      const isMeant = ({ name, app: { name: of } }: ZoneView): boolean => of === app && !this.#extraZones.has(name)
      const zone = server.zones.list().find(isMeant)
      const definition = scene.zoneOf(app)
      if (zone === undefined || definition === undefined) return
      const { name } = zone
      let hasStarted = false
      const start = (): void => {
        if (hasStarted) return
        hasStarted = true
        scene.call({ kind: 'start_zone', zone: name, app }, () => {
          startUnlessStopped(server, definition, name)
        })
      }
      scene.call({ kind: 'stop_zone', zone: name }, () => zone.stop())
      scene.zoneStopped(zone)
      if (forMs === undefined) start()
      else this.last(forMs, { heal: () => scene.onServer((present) => present === server && start()) })
    })
  }

  #giveReceiver(client: string): void {
    const scene = this.#scene
    scene.withSession(client, (session) => {
      const { number: receiver, proxy } = scene.receiver()
      scene.takeInHand(session)
      const app = scene.player(client).app.app.name
      const call = { kind: 'npc', what: 'return', session: session.id, app, receiver, error: undefined } as const
      scene.call(call, () => (session.proxy = proxy))
    })
  }

  /** From now on the client plays the session of another, or of an NPC. */
  #giveConnection(client: string, to: string): void {
    const scene = this.#scene
    const player = scene.player(client)
    /** Whether there was anything to give: a receiver within the process may serve two, and nobody is robbed of it. */
    const give = (giver: Session, taker: Session): boolean => {
      const connection = giver.proxy
      if (connection === undefined || !('connection' in connection) || connection.isClosing) return false
      scene.takeInHand(giver)
      scene.takeInHand(taker)
      scene.call({ kind: 'give_connection', from: giver.id, to: taker.id }, () => (taker.proxy = connection))
      return true
    }
    scene.withSession(client, (giver) => {
      if (!isOwn(giver, player.stored)) return
      const npc = scene.npc(to, player.app.app.name, false)
      if (npc !== undefined) {
        if (npc.session.status !== 'gone' && give(giver, npc.session)) player.playFor(npc.name, npc.app)
      } else if (scene.players.has(to)) {
        scene.withSession(to, (taker) => {
          const other = scene.player(to)
          if (!isOwn(taker, other.stored) || !give(giver, taker)) return
          player.playFor(other.role, other.app)
          player.observer.isShared = true
          other.observer.isShared = true
        })
      }
    })
  }

  /** Not while the client itself is about to ask for its session. */
  #giveStranger(client: string): void {
    const scene = this.#scene
    const player = scene.player(client)
    scene.withSession(client, (session) => {
      const stranger = scene.strangerOf(client)
      if (stranger === undefined || player.isOnItsWay || !isOwn(session, player.stored)) return
      scene.takeInHand(session)
      const { session: from, connection, proxy } = stranger
      scene.call({ kind: 'give_connection', from, to: session.id, connection }, () => (session.proxy = proxy))
    })
  }

  #refuseStranger(client: string, how: 'stop' | 'disconnect'): void {
    const scene = this.#scene
    scene.onServer((server) => {
      const stranger = scene.strangerOf(client)
      const session = stranger && server.sessions.get(stranger.session)
      if (session === undefined || stranger === undefined) return
      const { connection } = stranger
      scene.call({ kind: 'refuse_stranger', connection, how }, () => session[how]())
    })
  }

  #sendDirectly(client: string): void {
    const scene = this.#scene
    const { app, direct } = scene.app(scene.player(client).app.app.name)
    if (direct === undefined) return
    const { type, message } = direct
    scene.withSession(client, (session) => {
      const call = { kind: 'send', session: session.id, type, delivery: app.deliveryOf(type) } as const
      scene.call(call, () => session.send(app, type as never, message as never))
    })
  }

  #startExtraZone(app: string, forMs: number): void {
    const scene = this.#scene
    scene.onServer((server) => {
      const name = `${app}-extra-${this.#extraZones.size + 1}`
      this.#extraZones.add(name)
      const definition = scene.zoneOf(app)
      if (definition === undefined) return
      let zone: ZoneView | undefined
      scene.call({ kind: 'start_zone', zone: name, app }, () => {
        zone = startUnlessStopped(server, definition, name)
      })
      const stop = (present: Server): void => {
        if (present !== server || zone === undefined || zone.isStopped) return
        scene.zoneStopped(zone)
        scene.call({ kind: 'stop_zone', zone: name }, () => zone?.stop())
      }
      this.last(forMs, { heal: () => scene.onServer(stop) })
    })
  }

  #tell({ app, zone, message }: Extract<Step, { do: 'tell' }>): void {
    const scene = this.#scene
    const { tells = [] } = scene.app(app)
    const told = message ?? tells[this.#told++ % tells.length]
    if (told === undefined) return
    scene.onServer((server) => {
      const found = server.zones.list().find((each) => each.app.name === app && (zone ?? each.name) === each.name)
      if (found === undefined) return
      scene.call({ kind: 'tell', zone: found.name }, () => (found as TypedZone<Schema, unknown>).tell(told))
    })
  }
}

/** Undefined where it has drained meanwhile. */
function startUnlessStopped(server: Server, definition: AnyZone, name: string): ZoneView | undefined {
  try {
    return server.zones.start(definition as never, { name })
  } catch (error) {
    if (error instanceof OverworldError && error.code === 'server_stopped') return undefined
    throw error
  }
}
