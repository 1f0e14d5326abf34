/**
 * Reads a packet capture, of whichever format it is, in pieces of any size: memory does not grow with its length.
 * After damage nothing more is given out.
 */
import { ByteWindow } from './byte-window.ts'
import { Findings } from './findings.ts'
import type { CaptureDamage, CapturedPacket } from './packet.ts'
import { pcapKind, readPcap } from './pcap.ts'
import { readPcapng, SECTION } from './pcapng.ts'

export class CaptureReader {
  readonly #window: ByteWindow
  #damage: CaptureDamage | undefined

  readonly #findings: Findings

  /** `findings` get what is odd and does not end it. */
  constructor(pieces: Iterable<Uint8Array>, findings: Findings = new Findings()) {
    this.#window = new ByteWindow(pieces)
    this.#findings = findings
  }

  /** Known once all packets were given out. */
  get damage(): CaptureDamage | undefined {
    return this.#damage
  }

  /** How many bytes of it were read. */
  get position(): number {
    return this.#window.position
  }

  /** What taking the next piece throws is damage, too. */
  *packets(): Generator<CapturedPacket, void> {
    try {
      yield* this.#read()
    } catch (error) {
      // What whoever takes the packets throws does not come here.
      const at = this.#window.position
      const { message } = error as Error
      this.#damage = { kind: 'unreadable', at, message: `it cannot be read${at === 0 ? '' : ' further'}: ${message}` }
    }
  }

  *#read(): Generator<CapturedPacket, void> {
    const magic = this.#window.take(4)
    if (magic === undefined) {
      const { left } = this.#window
      this.#damage =
        left === 0
          ? { kind: 'empty', at: 0, message: 'it is empty' }
          : { kind: 'no_capture', at: 0, message: 'it is no packet capture: it is too short' }
      return
    }
    const kind = pcapKind(magic)
    if (kind !== undefined) this.#damage = yield* readPcap(this.#window, kind, this.#findings)
    else if (new DataView(magic.buffer, magic.byteOffset).getUint32(0) === SECTION) {
      this.#damage = yield* readPcapng(this.#window, this.#findings)
    } else this.#damage = { kind: 'no_capture', at: 0, message: whatElse(magic) }
  }
}

function whatElse([a = 0, b = 0, c = 0, d = 0]: Uint8Array): string {
  if (a === 0x1f && b === 0x8b) return 'it is compressed twice: unpack it first (gunzip)'
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'it is compressed: unpack it first (zstd -d)'
  const isModified = (a === 0xa1 && b === 0xb2 && c === 0xcd) || (b === 0xcd && c === 0xb2 && d === 0xa1)
  if (isModified) return 'it is of a variant of pcap that is not read here: editcap -F pcapng makes one that is'
  return 'it is no packet capture: it begins neither as pcap nor as pcapng does'
}
