/** What each step of a scenario does to its world. */
import {
  OverworldError,
  type Schema,
  type Server,
  type Session,
  type TypedZone,
  type ZoneView,
} from '../../core/index.ts'
import { findCommand } from '../../core/program.ts'
import type { AnyZone, Outage } from '../../sim/index.ts'
import { toMs, type Step } from '../scenario.ts'
import { misbehave } from './misbehaviour.ts'
import { misuse } from './misuse.ts'
import { isOwn, type ScenarioWorld } from './scenario-world.ts'
import type { SimulatedPlayer } from './simulated-player.ts'

/** How often a client whose timers are late is looked at. */
const LOOK_EVERY_MS = 500

export class StepPerformer {
  readonly #scene: ScenarioWorld
  readonly #outages = new Set<Outage>()
  /** How many connections and addresses the scenario itself has made. */
  #strangers = 0
  #told = 0
  /** Their names: another zone never takes the place of one. */
  readonly #extraZones = new Set<string>()

  constructor(scene: ScenarioWorld) {
    this.#scene = scene
  }

  perform(step: Step): void {
    const scene = this.#scene
    switch (step.do) {
      case 'connect':
        scene.player(step.client).connect(step.transport)
        return
      case 'disconnect':
        scene.player(step.client).disconnect()
        return
      case 'end':
        scene.player(step.client).end()
        return
      case 'join':
      case 'part':
      case 'send':
      case 'send_bytes':
        scene.player(step.client).say(scene.sayings.of(step))
        return
      case 'act':
        scene.player(step.client).act()
        return
      case 'duplicate':
        this.#duplicate(scene.player(step.client))
        return
      case 'reload': {
        const player = scene.player(step.client)
        player.kill(step.store)
        scene.world.after(step.afterMs, () => player.restart())
        return
      }
      case 'misbehave':
        misbehave(step.how, scene.player(step.client), { apps: scene.apps, number: ++this.#strangers })
        return
      case 'cut':
        this.#for(step.forMs, scene.player(step.client).machine.cut(step.direction))
        return
      case 'partition':
        for (const client of step.clients) this.#for(step.forMs, scene.player(client).machine.cut())
        return
      case 'mass_disconnect':
        for (const player of scene.players.values()) player.machine.reset()
        return
      case 'mute_beacons':
        this.#for(step.forMs, scene.player(step.client).muteBeacons())
        return
      case 'clog':
        scene.player(step.client).machine.clog(step.forMs)
        return
      case 'reset':
        scene.player(step.client).machine.reset()
        return
      case 'half_close':
        scene.player(step.client).machine.halfClose(step.side)
        return
      case 'half_open':
        scene.player(step.client).machine.halfOpen()
        return
      case 'rebind':
        scene.player(step.client).machine.rebind(`10.1.${++this.#strangers >> 8}.${this.#strangers & 0xff}`)
        return
      case 'link': {
        const { uplink, downlink } = scene.player(step.client).machine
        uplink.set(step.link)
        downlink.set(step.link)
        return
      }
      case 'slow_reader': {
        const { machine } = scene.player(step.client)
        machine.setReading(false)
        this.#for(step.forMs, { heal: () => machine.setReading(true) })
        return
      }
      case 'pause':
        this.#pause(step.host, step.forMs, step.what ?? 'process')
        return
      case 'crash':
        this.#crashServer(step.forMs, step.connections ?? 'silent', step.slowStartMs ?? 0)
        return
      case 'wake':
        scene.player(step.client).wake()
        return
      case 'break_dials':
        this.#for(step.forMs, scene.player(step.client).breakDials())
        return
      case 'late_timers':
        this.#delayTimers(step.host, step.everyMs, step.forMs)
        return
      case 'drift':
        scene.host(step.host).setDrift(step.ppm)
        return
      case 'clock_jump':
        if (step.host === 'server') scene.standsStill()
        scene.host(step.host).jumpClock(step.forwardMs)
        if (step.host === 'server') scene.disturbed()
        else scene.player(step.host).observer.disturbed(0)
        return
      case 'set_wall_clock':
        scene.host(step.host).setWallClock(step.byMs)
        return
      case 'stop_session':
        scene.withSession(step.client, (session) => {
          scene.call({ kind: 'stop_session', session: session.id }, () => session.stop())
        })
        return
      case 'drop_session':
        scene.withSession(step.client, (session) => {
          scene.call({ kind: 'drop_session', session: session.id }, () => session.disconnect())
        })
        return
      case 'set_timeout': {
        const timeoutMs = toMs(step.timeoutMs)
        scene.withSession(step.client, (session) => {
          scene.call({ kind: 'set_timeout', session: session.id, timeoutMs }, () => {
            session.disconnectTimeout = timeoutMs
          })
        })
        return
      }
      case 'remove':
        scene.withSession(step.client, (session) => {
          scene.call({ kind: 'remove', session: session.id }, () => session.zone?.remove(session))
        })
        return
      case 'drain':
        scene.draining.begin(step.drainMs, step.forMs)
        return
      case 'stop_server':
        scene.draining.stop(step.forMs)
        return
      case 'npc':
        scene.onServer(() => {
          if (step.what === 'start') scene.npc(step.name, step.app, true)
          else scene.npc(step.name, step.app, false)?.do(step.what)
        })
        return
      case 'give_receiver':
        this.#giveReceiver(step.client)
        return
      case 'give_connection':
        this.#giveConnection(step.client, step.to)
        return
      case 'give_stranger':
        this.#giveStranger(step.client)
        return
      case 'send_directly':
        this.#sendDirectly(step.client)
        return
      case 'misuse':
        misuse(step.how, scene, scene.player(step.client))
        return
      case 'extra_zone':
        this.#startExtraZone(step.app, step.forMs)
        return
      case 'stop_zone':
        this.#restartZone(step.app, step.forMs)
        return
      case 'restart_zone':
        this.#restartZone(step.app)
        return
      case 'tell':
        this.#tell(step)
        return
      case 'command':
        this.#command(step.name, step.args)
        return
    }
  }

  /** Whatever is to pass by itself is over now. */
  healAll(): void {
    for (const outage of this.#outages) outage.heal()
    this.#outages.clear()
  }

  #duplicate(player: SimulatedPlayer): void {
    const name = `${player.name}-tab${++this.#strangers}`
    const setup = this.#scene.scenario.clients.find((client) => client.name === player.name)
    if (setup !== undefined) this.#scene.addPlayer({ ...setup, name, startAtMs: 0 }, player)
  }

  #pause(hostName: string, forMs: number, what: 'process' | 'machine'): void {
    const scene = this.#scene
    const host = scene.host(hostName)
    // Queued before the pause, so that it is known before anything runs after it.
    if (hostName === 'server') {
      if (forMs >= 1_000) scene.goals.reach('server paused')
      scene.standsStill()
      scene.world.after(forMs, () => {
        if (scene.isServerPaused) scene.disturbed()
      })
    } else {
      scene.player(hostName).observer.disturbed(forMs)
    }
    host.pause({ durationMs: forMs, what })
  }

  #delayTimers(hostName: string, everyMs: number, forMs: number): void {
    const scene = this.#scene
    if (hostName === 'server') {
      scene.setServerTimersEvery(everyMs)
      this.#for(forMs, { heal: () => scene.setServerTimersEvery(0) })
      return
    }
    const player = scene.player(hostName)
    const outage = player.delayTimers(everyMs)
    let isHealed = false
    const look = (): void => {
      if (isHealed) return
      player.machine.host.execute(() => player.observer.checkSilence())
      scene.world.after(LOOK_EVERY_MS, look)
    }
    look()
    this.#for(forMs, {
      heal: () => {
        isHealed = true
        outage.heal()
      },
    })
  }

  #crashServer(forMs: number, connections: 'silent' | 'reset', slowStartMs: number): void {
    const { world } = this.#scene
    if (!world.isServerUp) return
    const onTheirWay = [...this.#scene.players.values()].filter(({ isOnItsWay }) => isOnItsWay)
    if (onTheirWay.length >= 2) this.#scene.goals.reach('restart in a storm')
    world.crashServer({ connections })
    world.after(forMs, () => {
      if (world.isServerUp) return
      this.#scene.restartServer()
      // It listens, and does not get round to anything else.
      if (slowStartMs > 0) this.#pause('server', slowStartMs, 'process')
    })
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
      else this.#for(forMs, { heal: () => scene.onServer((present) => present === server && start()) })
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
      this.#for(forMs, { heal: () => scene.onServer(stop) })
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

  #command(name: string, args: readonly unknown[]): void {
    const { program } = this.#scene
    const command = program === undefined ? undefined : findCommand(program, name)
    if (command === undefined) {
      throw new OverworldError('bad_option', `a step runs command '${name}', and the server's program has none`)
    }
    this.#scene.onServer((server) => {
      try {
        command(server, ...(args as never[]))
      } catch (error) {
        // Where things went otherwise a call may be too late; that it throws then is as it should be.
        if (!(error instanceof OverworldError) || error.code === 'internal') throw error
      }
    })
  }

  #for(ms: number, outage: Outage): void {
    this.#outages.add(outage)
    this.#scene.world.after(ms, () => {
      outage.heal()
      this.#outages.delete(outage)
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
