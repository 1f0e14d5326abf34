/**
 * The ENet adapter's parts at wire level: the real `enet` on simulated UDP. An instance of the library costs some
 * milliseconds and a megabyte, so that several lives share one: whichever of them calls, the library sees that one's
 * clock. Its file descriptors are few, so that a long run opens another one now and then.
 */
import type { Clock, Random } from '../../core/injected.ts'
import type { HostStacks } from '../../sim/wire/index.ts'
import { enetMessages } from './enet-messages.ts'
import { enetClock, loadEnetLibrary, type EnetLibrary, type UdpStack } from '../../transports/index.ts'

/** 64 file descriptors, of which some are the library's own; a client that is in a hurry has several dials open. */
const LIVES_PER_LIBRARY = 6

export class SharedEnet {
  readonly #random: Random
  #library: EnetLibrary | undefined
  #lives = 0
  #clock: Clock | undefined

  constructor(random: Random) {
    this.#random = random
  }

  /** The library as one life sees it. */
  libraryFor(lifeClock: Clock): EnetLibrary {
    const clock = enetClock(lifeClock)
    if (this.#library === undefined || this.#lives === LIVES_PER_LIBRARY) {
      this.#lives = 0
      // Whoever asks for the time while the library comes to be.
      this.#clock = clock
      const present: Clock = {
        now: () => this.#clock?.now() ?? 0,
        setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
      }
      this.#library = loadEnetLibrary(present, this.#random)
    }
    this.#lives += 1
    return this.#seenBy(clock, this.#library)
  }

  #seenBy(clock: Clock, library: EnetLibrary): EnetLibrary {
    const enter = <Call extends (...args: never[]) => unknown>(call: Call): Call => {
      const entered = (...args: Parameters<Call>): unknown => {
        this.#clock = clock
        return call(...args)
      }
      return entered as Call
    }
    const enterAll = <Calls extends object>(calls: Calls): Calls =>
      Object.fromEntries(
        Object.entries(calls).map(([name, call]) => [name, typeof call === 'function' ? enter(call as never) : call]),
      ) as Calls
    return {
      get HEAPU8() {
        return library.HEAPU8
      },
      get HEAPU32() {
        return library.HEAPU32
      },
      jsapi: enterAll(library.jsapi),
      libenet: enterAll(library.libenet),
      createStreamFromSocket: enter((socket: object) => library.createStreamFromSocket(socket)),
      Runtime_addFunction: enter((callback: (pointer: number) => void) => library.Runtime_addFunction(callback)),
    }
  }
}

export function wireUdpStack(stacks: HostStacks): UdpStack {
  const { udp } = stacks
  const messages = enetMessages(stacks)
  return {
    createSocket: () => udp.createSocket(messages),
    resolve: (host, resolved) => {
      udp.later(() => {
        const address = udp.resolve(host)
        if (address === undefined) resolved(new Error(`host not found: ${host}`), '')
        else resolved(null, address)
      })
    },
  }
}
