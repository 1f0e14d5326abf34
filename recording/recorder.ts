/**
 * Records everything that goes into a server and comes out of it, so that the same can happen again (`replay` of
 * `overworld/sim`). It is a tap of the server's shell, which the server and its program are given.
 *
 * While an input is carried out the clock stands still: so an input has one time, and no reading of the clock need be
 * recorded.
 *
 * Nothing that goes wrong here harms the server: a recording that cannot be written is given up, with a warning.
 */
import type { Clock, Network, Random } from '../core/injected.ts'
import { Shell } from '../core/turns/shell.ts'
import type { BootData } from './entries.ts'
import { EntryTap } from './entry-tap.ts'
import { RecordingWriter, type RecordingWriterOptions } from './recording-writer.ts'

export interface RecorderOptions extends RecordingWriterOptions {
  readonly clock: Clock
  readonly random: Random
  /** A shell that others watch as well, with this clock and this random. Default: one of the recorder's own. */
  readonly shell?: Shell | undefined
  /** The addresses that the program is given (`ProgramParts.addresses`). Default: none, for a program with addresses of its own. */
  readonly addresses?: readonly string[] | undefined
}

/** Make one for each server, give the server `clock`, `random` and `shell`, and create it in `boot`. */
export class Recorder {
  /** For `createServer`. */
  readonly shell: Shell
  readonly clock: Clock
  readonly random: Random
  readonly #writer: RecordingWriter
  readonly #detach: () => void

  constructor(options: RecorderOptions) {
    const writer = new RecordingWriter(options)
    this.#writer = writer
    this.shell = options.shell ?? new Shell({ clock: options.clock, random: options.random })
    this.clock = this.shell.clock
    this.random = this.shell.random
    const tap = new EntryTap(
      options.apps,
      (entry) => writer.write(entry.kind === 'boot' ? { ...entry, ...this.#bootData(options) } : entry),
      (connection, bytes, delivery) => writer.writeSent(connection, bytes, delivery),
    )
    this.#detach = this.shell.taps.add(tap)
  }

  #bootData({ addresses }: RecorderOptions): BootData {
    const { onReport: _, ...options } = this.shell.defaults
    return {
      ...(addresses !== undefined && { addresses }),
      ...(Object.keys(options).length > 0 && { options }),
    }
  }

  /** @deprecated Use `shell`: it is the same object. */
  get calls(): Shell {
    return this.shell
  }

  /** Whether the recording goes on. */
  get isRecording(): boolean {
    return this.#writer.isRecording
  }

  /** Whether all that was recorded so far can be replayed. */
  get isReplayable(): boolean {
    return this.#writer.isReplayable
  }

  /**
   * Creates the server: `run` creates it with `shell`, starts its zones and its listeners. The calls that it makes are not
   * recorded, for a replay runs it again; so it must depend on nothing but what it is given.
   */
  boot<T>(run: () => T): T {
    const result = this.shell.boot(run)
    if (!this.shell.isBound) {
      this.#writer.write({ kind: 'unrecordable', why: 'the server was created without the shell that boot was given' })
    }
    return result
  }

  /**
   * The program's own code calls the server in a way that takes more than plain data (an NPC with a receiver of its own):
   * not the calls of `run` are recorded, but `name` and `args`, with which a replay runs it again.
   */
  command<T>(name: string, args: readonly unknown[], run: () => T): T {
    return this.shell.program(name, args, run)
  }

  /** @deprecated It returns `network`: a recorder sees what its server's connections carry. */
  network(network: Network): Network {
    return network
  }

  /** Hands what was recorded so far to the sink. Call it now and then: a server without inputs hands on nothing. */
  flush(): void {
    this.#writer.flush()
  }

  /** Ends the recording. The server goes on as if there had been none. `warning`: if it has ended early. */
  stop(why?: string, warning?: string): void {
    this.#writer.stop(why, warning)
    this.#detach()
  }
}
