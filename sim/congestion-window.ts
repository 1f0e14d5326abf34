/**
 * How much a sender of a stream may have under way (RFC 5681): slow start from ten segments (RFC 6928) until the first
 * loss, from half of what was under way then on by about a segment each round trip. Shared by the two models of TCP:
 * that of messages (`stream-half.ts`) and that of bytes (`wire/tcp-sender.ts`).
 */

/** What a segment carries at most. */
export const SEGMENT_BYTES_MAX = 1460
const FIRST_SEGMENTS = 10
/** No more than could ever be under way. */
const WINDOW_BYTES_MAX = 1 << 24

export class CongestionWindow {
  #bytes = FIRST_SEGMENTS * SEGMENT_BYTES_MAX
  #slowStartBytes = Infinity

  get bytes(): number {
    return this.#bytes
  }

  acknowledged(ackedBytes: number): void {
    const isSlowStart = this.#bytes < this.#slowStartBytes
    this.#growBy(isSlowStart ? ackedBytes : Math.floor((SEGMENT_BYTES_MAX * ackedBytes) / this.#bytes))
  }

  timedOut(inFlightBytes: number): void {
    this.#halve(inFlightBytes)
    this.#bytes = SEGMENT_BYTES_MAX
  }

  /** Later arrivals have proven a loss; what they were (in bytes) has left the network. */
  lossProven(inFlightBytes: number, arrivedBytes: number): void {
    this.#halve(inFlightBytes)
    this.#bytes = this.#slowStartBytes + arrivedBytes
  }

  // While a loss is repaired (RFC 5681, section 3.2, and RFC 6582)

  /** One more of the later ones has arrived. */
  inflate(): void {
    this.#growBy(SEGMENT_BYTES_MAX)
  }

  /** A part of what was under way is acknowledged. */
  deflate(ackedBytes: number): void {
    this.#bytes = Math.max(this.#bytes - ackedBytes + SEGMENT_BYTES_MAX, SEGMENT_BYTES_MAX)
  }

  repaired(): void {
    this.#bytes = this.#slowStartBytes
  }

  #growBy(bytes: number): void {
    this.#bytes = Math.min(this.#bytes + bytes, WINDOW_BYTES_MAX)
  }

  #halve(inFlightBytes: number): void {
    this.#slowStartBytes = Math.max(inFlightBytes >> 1, 2 * SEGMENT_BYTES_MAX)
  }
}
