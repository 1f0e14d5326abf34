/**
 * The connections of a client: the current one, the one that it has left while its session goes over, and how long the
 * client waits between dials. When to dial and what to close with is in the client's table.
 */
import { CloseCode } from '../close-codes.ts'
import type { Network, Random } from '../injected.ts'
import { backoffMs } from './backoff.ts'
import type { ClientShell } from './client-shell.ts'
import type { GuardedParts } from './guarded-parts.ts'
import { ServerLink, type LinkOwner } from './server-link.ts'
import { explainUnopened } from './unopened.ts'

export interface DialTarget {
  readonly address: string
  readonly network: Network
}

export interface DiallingParts {
  readonly parts: GuardedParts
  readonly shell: ClientShell
  readonly owner: LinkOwner
  /** How long the client waits for a silent server (ms). */
  readonly patienceMs: number
  /** For how long (ms) after a loss the session may live. */
  readonly disconnectTimeoutMs: number
  readonly onError: (error: unknown) => void
}

export class Dialling {
  readonly #parts: DiallingParts
  /** What is drawn for the waits. */
  readonly #random: Pick<Random, 'uint32'>
  #address: string
  #network: Network
  /** The one connection that counts. */
  #link: ServerLink | undefined
  /** The connection before it, while the session is on its way over. */
  #left: ServerLink | undefined
  /** Lost connections in a row without a session. */
  #failures = 0
  /** Dials in a row whose connection did not open. */
  #unopened = 0
  /** When the last connection with a session was lost (ms). */
  #lostAt: number | undefined

  constructor({ address, network }: DialTarget, parts: DiallingParts) {
    this.#address = address
    this.#network = network
    this.#parts = parts
    this.#random = { uint32: () => this.#draw() }
  }

  get address(): string {
    return this.#address
  }

  get link(): ServerLink | undefined {
    return this.#link
  }

  /** From now on dials go there. */
  aim(to: Partial<DialTarget>): void {
    this.#address = to.address ?? this.#address
    this.#network = to.network ?? this.#network
  }

  /** The next connection counts from now on; `dial` follows. */
  begin(): void {
    const { owner, shell, patienceMs } = this.#parts
    this.#link = new ServerLink(owner, shell, patienceMs)
  }

  /** Throws what the network throws. */
  dial(): void {
    const link = this.#link
    if (link === undefined) return
    const { taps } = this.#parts.shell
    if (taps.isOn) taps.emit.dialled(link.number, this.#address)
    try {
      link.connection = this.#network.connect(this.#address, link)
    } catch (error) {
      if (taps.isOn) taps.emit.dialThrew(link.number, error)
      throw error
    }
  }

  /** The current connection counts no more, but stays open. */
  leave(): void {
    this.#left = this.#link
    this.#link = undefined
  }

  closeLeft(code: number = CloseCode.normal): void {
    const left = this.#left
    this.#left = undefined
    this.#close(left, code, '')
  }

  /** The current connection counts no more. */
  close(code: number, reason: string): void {
    const link = this.#link
    this.#link = undefined
    this.#close(link, code, reason)
  }

  #close(link: ServerLink | undefined, code: number, reason: string): void {
    try {
      link?.close(code, reason)
    } catch (error) {
      this.#parts.onError(error)
    }
  }

  noteLoss(): void {
    this.#lostAt = this.#parts.parts.now()
  }

  resetFailures(): void {
    this.#failures = 0
  }

  countUnopened(): void {
    this.#unopened++
  }

  resetUnopened(): void {
    this.#unopened = 0
  }

  /** Draws how long to wait for the next dial, in ms. `hasSession`: there is one to come back to. */
  drawWait(hasSession: () => boolean): number {
    return backoffMs(this.#failures++, this.#mayBeAlive(hasSession), this.#random)
  }

  /** `reason` of the last lost connection, and what to check where no dial opens one. */
  explain(reason: string): string {
    return explainUnopened(this.#unopened, reason, this.#address)
  }

  #draw(): number {
    const { parts, shell } = this.#parts
    const drawn = parts.uint32()
    if (shell.taps.isOn) shell.taps.emit.randomNumber(drawn)
    return drawn
  }

  #mayBeAlive(hasSession: () => boolean): boolean {
    if (this.#lostAt === undefined || !hasSession()) return false
    return this.#parts.parts.now() - this.#lostAt < this.#parts.disconnectTimeoutMs
  }
}
