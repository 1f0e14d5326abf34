/**
 * The reliable commands of one direction of an ENet peer, in the order of sending: some wait for the window, those before
 * them are in flight until they are acknowledged.
 */
import type { Command } from './enet-command.ts'

/** So many that are done are forgotten together. */
const DONE_MIN = 16

export class CommandQueue {
  #commands: Command[] = []
  /** The entries before `#head` are done, those before `#unsent` have been sent. */
  #head = 0
  #unsent = 0
  #waitingBytes = 0
  #inFlightBytes = 0

  get isEmpty(): boolean {
    return this.#head === this.#commands.length
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  get inFlightBytes(): number {
    return this.#inFlightBytes
  }

  get inFlightCount(): number {
    return this.#unsent - this.#head
  }

  get isWaiting(): boolean {
    return this.#unsent < this.#commands.length
  }

  /** `index`: from 0, the oldest, below `inFlightCount`. */
  inFlight(index: number): Command {
    return this.#commands[this.#head + index] as Command
  }

  /** Something waits. */
  get firstWaiting(): Command {
    return this.#commands[this.#unsent] as Command
  }

  add(command: Command): void {
    this.#commands.push(command)
    this.#waitingBytes += command.sizeBytes
  }

  /** The first that waits goes. */
  send(): void {
    const { sizeBytes } = this.firstWaiting
    this.#unsent += 1
    this.#waitingBytes -= sizeBytes
    this.#inFlightBytes += sizeBytes
  }

  /** The oldest in flight was acknowledged. */
  shift(): void {
    this.#inFlightBytes -= this.inFlight(0).sizeBytes
    this.#head += 1
  }

  forgetDone(): void {
    if (this.#head < DONE_MIN || this.#head * 2 < this.#commands.length) return
    this.#commands.splice(0, this.#head)
    this.#unsent -= this.#head
    this.#head = 0
  }

  /** Nothing is left in it. Gives back what is not done. */
  clear(): readonly Command[] {
    const left = this.#commands.slice(this.#head)
    this.#commands = []
    this.#head = 0
    this.#unsent = 0
    return left
  }
}
