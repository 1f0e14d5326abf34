/**
 * Several captures as one, in the order of their times: files of one `tcpdump` that were rotated, or captures that were
 * taken at the same time. Each is opened when its time comes.
 */
import { CaptureReader } from './capture-reader.ts'
import type { Findings } from './findings.ts'
import type { CaptureDamage, CapturedPacket } from './packet.ts'

export interface CaptureSource {
  /** For people. */
  readonly name: string
  /** Its bytes from the beginning; called twice where there are several captures. */
  readonly pieces: () => Iterable<Uint8Array>
}

export interface CaptureSummary {
  readonly name: string
  packets: number
  bytesRead: number
  damage: CaptureDamage | undefined
}

interface Open {
  readonly summary: CaptureSummary
  readonly reader: CaptureReader
  readonly packets: Generator<CapturedPacket, void>
  next: CapturedPacket
}

export class MergedCaptures {
  readonly #sources: readonly CaptureSource[]
  readonly #findings: Findings
  /** In the order in which they begin. */
  readonly summaries: CaptureSummary[] = []

  constructor(sources: readonly CaptureSource[], findings: Findings) {
    this.#sources = sources
    this.#findings = findings
  }

  *packets(): Generator<CapturedPacket, void> {
    const waiting = this.#inOrder()
    const open: Open[] = []
    for (;;) {
      const first = waiting[0]
      if (first !== undefined && open.every(({ next }) => timeOf(next) >= first.atNs)) {
        waiting.shift()
        const begun = this.#begin(first.source)
        if (begun !== undefined) open.push(begun)
        continue
      }
      const [earliest] = open.toSorted((a, b) => compare(timeOf(a.next), timeOf(b.next)))
      if (earliest === undefined) return
      earliest.summary.packets++
      yield earliest.next
      const next = earliest.packets.next()
      if (next.done === true) {
        end(earliest)
        open.splice(open.indexOf(earliest), 1)
      } else earliest.next = next.value
    }
  }

  /** By their first packets; those that begin at the same time, as they were given. */
  #inOrder(): { readonly source: CaptureSource; readonly atNs: bigint }[] {
    if (this.#sources.length === 1) return this.#sources.map((source) => ({ source, atNs: 0n }))
    const begun = this.#sources.map((source) => {
      const packets = new CaptureReader(source.pieces()).packets()
      const first = packets.next()
      packets.return()
      return { source, atNs: first.done === true ? 0n : timeOf(first.value) }
    })
    return begun.sort((a, b) => compare(a.atNs, b.atNs))
  }

  #begin(source: CaptureSource): Open | undefined {
    const reader = new CaptureReader(source.pieces(), this.#findings)
    const packets = reader.packets()
    const summary: CaptureSummary = { name: source.name, packets: 0, bytesRead: 0, damage: undefined }
    this.summaries.push(summary)
    const first = packets.next()
    if (first.done !== true) return { summary, reader, packets, next: first.value }
    end({ summary, reader })
    return undefined
  }
}

function end({ summary, reader }: Pick<Open, 'summary' | 'reader'>): void {
  summary.damage = reader.damage
  summary.bytesRead = reader.position
}

/** A packet without a time comes at once. */
function timeOf({ atNs = 0n }: CapturedPacket): bigint {
  return atNs
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
