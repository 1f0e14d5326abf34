/** The steps that drain or stop the server: it must come to its end in time, then its program ends; another one starts later. */
import type { Server } from '../../core/index.ts'
import type { ServerCall } from '../observer/observation.ts'
import { describeLeft } from './describe-left.ts'
import type { CallbackFailure } from '../observer/observation.ts'
import type { RunWorld } from './run-world.ts'

/** When the time that a server was given to drain is over, its connections take a second to close. */
const DRAINED_MS = 3_000
/** How often it is asked whether a server still drains. */
const POLL_MS = 500

/** What the first, the second, … to ask for the same drain does wrong when it is told. */
const DONE_FAILURES: readonly (CallbackFailure | undefined)[] = ['threw on purpose', 'promised on purpose']

export class Draining {
  readonly #scene: RunWorld
  /** It was told to drain, and its program has not ended yet. */
  #server: Server | undefined
  /** How often it was told to, and has said that it is done. */
  #times = { asked: 0, told: 0 }
  /** Nobody drains it any more. */
  #isHealed = false

  constructor(scene: RunWorld) {
    this.#scene = scene
  }

  /** The server drains, and its program ends; another one starts `forMs` later. */
  begin(drainMs: number, forMs: number): void {
    this.#begin(drainMs, forMs, { kind: 'drain', drainMs }, (server, done) => server.drain(drainMs, done))
  }

  /** The same at once, with `server.stop()`. */
  stop(forMs: number): void {
    this.#begin(0, forMs, { kind: 'stop_server' }, (server, done) => server.stop(done))
  }

  #begin(withinMs: number, forMs: number, call: ServerCall, end: (server: Server, done: () => void) => void): void {
    const scene = this.#scene
    scene.onServer((server) => {
      // A server that stood still is told so late that the network is well again.
      if (this.#isHealed) return
      if (this.#server !== server) this.#times = { asked: 0, told: 0 }
      const times = this.#times
      // Some fail, which must not keep the rest from being told.
      // Of a program of somebody's own it is only known that something threw, not that it was to.
      const failure = scene.program === undefined ? DONE_FAILURES[times.asked] : undefined
      const finish = (): undefined => {
        times.told++
        scene.world.after(0, () => this.#finish(server, forMs))
        return scene.failAsDone(failure)
      }
      times.asked++
      this.#server = server
      scene.call(call, () => end(server, finish))
      this.#watch(server, scene.world.nowMs + withinMs + DRAINED_MS, undefined)
    })
  }

  /** The fault phase is over. A drain that is not is cut short: its program ends, and another one starts. */
  cutShort(): void {
    this.#isHealed = true
    if (this.#server === undefined || !this.#isUnderWay(this.#server)) return
    const { world } = this.#scene
    world.crashServer({ connections: 'reset' })
    world.restartServer()
  }

  #isUnderWay(server: Server): boolean {
    const { world } = this.#scene
    return this.#server === server && world.isServerUp && world.server === server
  }

  /** It must end when its time is over, and before that when nobody is left. */
  #watch(server: Server, untilMs: number, emptySinceMs: number | undefined): void {
    const { world, checks } = this.#scene
    world.after(POLL_MS, () => {
      if (!this.#isUnderWay(server)) return
      const { nowMs } = world
      const { isEmpty } = this.#scene
      const sinceMs = isEmpty === true ? (emptySinceMs ?? nowMs) : undefined
      if (isEmpty !== undefined) {
        checks.check('drain', nowMs <= Math.min(untilMs, (sinceMs ?? Infinity) + DRAINED_MS), () => {
          return isEmpty
            ? 'the server goes on draining although nobody is left'
            : 'the server drains for longer than it was given'
        })
      }
      this.#watch(server, untilMs, sinceMs)
    })
  }

  #finish(server: Server, forMs: number): void {
    if (!this.#isUnderWay(server)) return
    const { world, checks, goals } = this.#scene
    this.#scene.checkCounters()
    const { asked, told } = this.#times
    checks.check('drain', asked === told, () => {
      return `the server was told ${asked} times to drain or stop, and said ${told} times that it has`
    })
    const left = describeLeft(server)
    checks.check('nothing-remains', left === undefined, () => `the server has drained, and there ${left}`)
    goals.reach('drained')
    world.crashServer({ connections: 'reset' })
    world.after(forMs, () => this.#scene.restartServer())
  }
}
