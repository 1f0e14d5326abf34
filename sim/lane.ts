/** One direction of one connection: the link that it shares with others, and what has befallen it alone. */
import type { Host } from './host.ts'
import { NEVER, type Link } from './link.ts'

export class Lane {
  readonly from: Host
  readonly to: Host
  readonly link: Link
  /** Nothing passes any more, nothing says so. */
  isCut = false

  constructor(from: Host, to: Host, link: Link) {
    this.from = from
    this.to = to
    this.link = link
  }

  /** When a packet sent now arrives; `NEVER` if it is lost. Draws from the link either way. */
  send(nowUs: number, sizeBytes: number): number {
    const arrivalUs = this.link.send(nowUs, sizeBytes)
    return this.isCut ? NEVER : arrivalUs
  }

  /** Whether what arrives now finds a machine that is awake. */
  get isOpen(): boolean {
    return !this.isCut && this.to.isReachable
  }
}
