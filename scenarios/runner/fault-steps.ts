/**
 * The steps that any run has: what users do with their clients, and what befalls machines, networks and the server. What
 * bots and zones do is in `perform-step.ts`.
 */
import { OverworldError } from '../../core/index.ts'
import { findCommand } from '../../core/program.ts'
import type { Outage } from '../../sim/index.ts'
import { toMs, type Step } from '../scenario.ts'
import type { Player, RunWorld } from './run-world.ts'

/** How often a client whose timers are late is looked at. */
const LOOK_EVERY_MS = 500

export class FaultSteps {
  readonly #scene: RunWorld
  readonly #outages = new Set<Outage>()
  /** How many connections and addresses the scenario itself has made. */
  #strangers = 0

  constructor(scene: RunWorld) {
    this.#scene = scene
  }

  /** False: it is a step of another kind. */
  perform(step: Step): boolean {
    const scene = this.#scene
    switch (step.do) {
      case 'connect':
        scene.player(step.client).connect(step.transport)
        return true
      case 'disconnect':
        scene.player(step.client).disconnect()
        return true
      case 'end':
        scene.player(step.client).end()
        return true
      case 'duplicate':
        this.#duplicate(scene.player(step.client))
        return true
      case 'reload': {
        const player = scene.player(step.client)
        player.kill(step.store)
        scene.world.after(step.afterMs, () => player.restart())
        return true
      }
      case 'misbehave':
        scene.misbehave(step.how, scene.player(step.client), ++this.#strangers)
        return true
      case 'cut':
        this.last(step.forMs, scene.player(step.client).machine.cut(step.direction))
        return true
      case 'partition':
        for (const client of step.clients) this.last(step.forMs, scene.player(client).machine.cut())
        return true
      case 'mass_disconnect':
        for (const player of scene.players.values()) player.machine.reset()
        return true
      case 'mute_beacons':
        this.last(step.forMs, scene.player(step.client).muteBeacons())
        return true
      case 'clog':
        scene.player(step.client).machine.clog(step.forMs)
        return true
      case 'reset':
        scene.player(step.client).machine.reset()
        return true
      case 'half_close':
        scene.player(step.client).machine.halfClose(step.side)
        return true
      case 'half_open':
        scene.player(step.client).machine.halfOpen()
        return true
      case 'rebind':
        scene.player(step.client).machine.rebind(`10.1.${++this.#strangers >> 8}.${this.#strangers & 0xff}`)
        return true
      case 'link': {
        const { uplink, downlink } = scene.player(step.client).machine
        uplink.set(step.link)
        downlink.set(step.link)
        return true
      }
      case 'slow_reader': {
        const { machine } = scene.player(step.client)
        machine.setReading(false)
        this.last(step.forMs, { heal: () => machine.setReading(true) })
        return true
      }
      case 'pause':
        this.#pause(step.host, step.forMs, step.what ?? 'process')
        return true
      case 'crash':
        this.#crashServer(step.forMs, step.connections ?? 'silent', step.slowStartMs ?? 0)
        return true
      case 'wake':
        scene.player(step.client).wake()
        return true
      case 'break_dials':
        this.last(step.forMs, scene.player(step.client).breakDials())
        return true
      case 'late_timers':
        this.#delayTimers(step.host, step.everyMs, step.forMs)
        return true
      case 'drift':
        scene.host(step.host).setDrift(step.ppm)
        return true
      case 'clock_jump':
        if (step.host === 'server') scene.standsStill()
        scene.host(step.host).jumpClock(step.forwardMs)
        if (step.host === 'server') scene.disturbed()
        else scene.player(step.host).disturbed(0)
        return true
      case 'set_wall_clock':
        scene.host(step.host).setWallClock(step.byMs)
        return true
      case 'stop_session':
        scene.withSession(step.client, (session) => {
          scene.call({ kind: 'stop_session', session: session.id }, () => session.stop())
        })
        return true
      case 'drop_session':
        scene.withSession(step.client, (session) => {
          scene.call({ kind: 'drop_session', session: session.id }, () => session.disconnect())
        })
        return true
      case 'set_timeout': {
        const timeoutMs = toMs(step.timeoutMs)
        scene.withSession(step.client, (session) => {
          scene.call({ kind: 'set_timeout', session: session.id, timeoutMs }, () => {
            session.disconnectTimeout = timeoutMs
          })
        })
        return true
      }
      case 'drain':
        scene.draining.begin(step.drainMs, step.forMs)
        return true
      case 'stop_server':
        scene.draining.stop(step.forMs)
        return true
      case 'command':
        this.#command(step.name, step.args)
        return true
      default:
        return false
    }
  }

  /** Something is broken for a while at this moment. */
  protected get hasOutages(): boolean {
    return this.#outages.size > 0
  }

  /** Whatever is to pass by itself is over now. */
  healAll(): void {
    for (const outage of this.#outages) outage.heal()
    this.#outages.clear()
  }

  /** Lasts for `ms`, or until everything is healed. */
  protected last(ms: number, outage: Outage): void {
    this.#outages.add(outage)
    this.#scene.world.after(ms, () => {
      outage.heal()
      this.#outages.delete(outage)
    })
  }

  #duplicate(player: Player): void {
    this.#scene.duplicate(player, `${player.name}-tab${++this.#strangers}`)
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
      scene.player(hostName).disturbed(forMs)
    }
    host.pause({ durationMs: forMs, what })
  }

  #delayTimers(hostName: string, everyMs: number, forMs: number): void {
    const scene = this.#scene
    if (hostName === 'server') {
      scene.setServerTimersEvery(everyMs)
      this.last(forMs, { heal: () => scene.setServerTimersEvery(0) })
      return
    }
    const player = scene.player(hostName)
    const outage = player.delayTimers(everyMs)
    let isHealed = false
    const look = (): void => {
      if (isHealed) return
      player.machine.host.execute(() => player.checkSilence())
      scene.world.after(LOOK_EVERY_MS, look)
    }
    look()
    this.last(forMs, {
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

  #command(name: string, args: readonly unknown[]): void {
    const { program } = this.#scene
    const command = program === undefined ? undefined : findCommand(program, name)
    if (command === undefined) {
      throw new OverworldError('bad_option', `a step runs command '${name}', and the server's program has none`)
    }
    this.#scene.onServer((server) => {
      try {
        this.#scene.asCommand(name, args, () => command(server, ...(args as never[])))
      } catch (error) {
        // Where things went otherwise a call may be too late; that it throws then is as it should be.
        if (!(error instanceof OverworldError) || error.code === 'internal') throw error
      }
    })
  }
}
