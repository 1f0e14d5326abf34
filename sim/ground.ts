/** What everything in one simulated world stands on: one event queue, one seed, one trace. */
import { createCauses, type Causes } from '../core/turns/taps.ts'
import { Drain } from './drain.ts'
import { EventQueue } from './event-queue.ts'
import { streams, type RandomStreams } from './random-streams.ts'
import { Trace, type TraceOptions } from './trace.ts'

export interface Ground {
  readonly queue: EventQueue
  readonly streams: RandomStreams
  readonly trace: Trace
  /** The numbering of events for all taps in the world. */
  readonly causes: Causes
  /** For worlds that are driven with waiting (`wire/drain.ts`). Without such a driver it is never asked. */
  readonly drain: Drain
}

export interface GroundOptions extends TraceOptions {
  /** A uint32: the one number from which every random choice of the run is drawn. */
  readonly seed: number
}

export function createGround({ seed, ...traceOptions }: GroundOptions): Ground {
  const queue = new EventQueue()
  const trace = new Trace(queue, traceOptions)
  return { queue, streams: streams(seed), trace, causes: createCauses(), drain: new Drain() }
}
