/**
 * The network of a world whose programs talk over real sockets of this machine, and how to let time pass in it. What
 * runs is production's, down to the kernel: `transports/`, `http`, `net`, `dgram`, `ws` and `enet`. Only the way from
 * one program to the next leads through the simulated network, where links and faults are those of every other world.
 *
 * Left out, because the kernel has the last word: small buffers of systems (its own, of some megabytes for a stream,
 * lie on the way as well), a refused connection (the door accepts, and breaks it at once), equal runs.
 */
import type { Network } from '../../core/injected.ts'
import type { Ground } from '../../sim/index.ts'
import { WireNetwork, type HostStacks, type WireNetworkOptions } from '../../sim/wire/index.ts'
import { InvariantBroken } from '../invariants.ts'
import { describeHeld } from './held-sockets.ts'
import type { Doors } from './loopback-doors.ts'
import { LoopbackProgram } from './loopback-program.ts'
import { LoopbackTime } from './loopback-time.ts'

export interface LoopbackOptions extends Pick<WireNetworkOptions, 'links'> {
  /** Virtual seconds for each real one: 1 is real time, Infinity (the default) as fast as the sockets allow. */
  readonly speed?: number
  /** Whether `advance` rejects with what was reported to the adapters' `onError`. Default: it does. */
  readonly throws?: boolean
}

export class Loopback {
  readonly network: WireNetwork
  readonly #ground: Ground
  readonly #doors: Doors
  readonly #time: LoopbackTime
  /** What handlers threw, or adapters could not make sense of. */
  readonly #errors: unknown[] = []
  readonly #throws: boolean
  readonly #programs: LoopbackProgram[] = []

  /** `doors`: of `Doors.open`; no two worlds may share them. */
  constructor(ground: Ground, doors: Doors, { speed = Infinity, throws = true, ...options }: LoopbackOptions = {}) {
    this.#ground = ground
    this.#doors = doors
    this.#throws = throws
    this.#time = new LoopbackTime(ground.queue, doors.traffic, speed)
    this.network = new WireNetwork(ground, {
      ...options,
      onBreach: (message) => this.#errors.push(new InvariantBroken('no-internal-error', message)),
      makeNetwork: (stacks) => this.#makeNetwork(stacks),
      onStopped: (life) => this.#programs.find((program) => program.life === life)?.kill(),
    })
  }

  /** Lets `ms` of the world's time pass, or less if `isOver` says so. Rejects with the first error that came up. */
  async advance(ms: number, isOver?: () => boolean): Promise<void> {
    const { queue } = this.#ground
    const { drain } = this.network
    await this.#time.advance({
      untilUs: queue.nowUs + Math.round(ms * 1000),
      isOver: () => {
        if (drain.take()) this.#doors.traffic.onMoved()
        if (this.#throws && this.#errors.length > 0) throw this.#errors.shift()
        return isOver?.() === true
      },
    })
  }

  /** What was reported and not thrown by `advance` yet. */
  get errors(): readonly unknown[] {
    return this.#errors
  }

  /** What adapters of programs that are alive still hold, on all machines but these, in words. For when everybody has gone. */
  remaining(except: ReadonlySet<string>): string | undefined {
    return describeHeld(this.#programs, except)
  }

  /** Closes every socket of the world. */
  close(): void {
    for (const program of this.#programs) program.kill()
    this.#doors.close()
  }

  #makeNetwork(stacks: HostStacks): Network {
    const program = new LoopbackProgram({
      stacks,
      doors: this.#doors,
      onError: (error) => {
        if (stacks.life.isAlive) this.#errors.push(error)
      },
    })
    this.#programs.push(program)
    return program
  }
}
