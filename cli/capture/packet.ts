/** What the readers of capture files give out. */

export interface CapturedPacket {
  /** Nanoseconds since 1970; undefined: it has no time, or one that cannot be. */
  readonly atNs: bigint | undefined
  /** What its bytes begin with: a link type of https://www.tcpdump.org/linktypes.html */
  readonly linkType: number
  /** What was captured of it. Valid for as long as one likes. */
  readonly bytes: Uint8Array
  /** How long it was on the wire; more than `bytes` has where it was cut short (`tcpdump -s`). */
  readonly length: number
}

export interface CaptureDamage {
  readonly kind:
    /** It has no bytes at all. */
    | 'empty'
    /** It does not begin as a capture does, or as one of a kind that is not read here. */
    | 'no_capture'
    /** It ends within a packet. */
    | 'cut_off'
    /** A length cannot be. */
    | 'nonsense'
    /** The system cannot read it, or what it is compressed as is damaged. */
    | 'unreadable'
  /** In bytes from the beginning of the capture, unpacked: everything before it was used. */
  readonly at: number
  /** Where reading went on; undefined: nothing after it was used. */
  readonly resumedAt?: number
  readonly message: string
}

/** A packet that claims more is damage: it would have to be held in memory. `tcpdump` takes 262,144 at most. */
export const PACKET_BYTES_MAX = 1024 * 1024
