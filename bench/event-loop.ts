/** The bare event loop, for reference: an event queue that calls at once, awaits each event, or drains after each. */
import { EventQueue, QueuedEvent } from '../sim/index.ts'
import { best, costOf, type Benchmark, type Figure } from './benchmark.ts'

const EVENTS = 300_000
const DRAINED_EVENTS = 60_000
const ROUNDS = 3
const DEPTH = 100

export const eventLoop: Benchmark = {
  name: 'event-loop',
  about: 'the bare event queue, one event after the other',
  async run() {
    const synchronous = await rateOf(EVENTS, () => undefined)
    const awaited = await rateOf(EVENTS, () => Promise.resolve())
    const drained = await rateOf(DRAINED_EVENTS, () => new Promise((resolve) => setImmediate(resolve)))
    const figure = (what: string, value: number): Figure => ({
      what,
      value,
      unit: 'events/s',
      ratio: value === synchronous ? undefined : { value: value / synchronous, to: 'synchronous' },
    })
    return [
      figure('synchronous', synchronous),
      figure('one await an event', awaited),
      figure('one setImmediate an event', drained),
    ]
  },
}

async function rateOf(events: number, wait: () => Promise<void> | undefined): Promise<number> {
  const rates: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const { wallMs } = await costOf(() => runQueue(events, wait))
    rates.push((events / wallMs) * 1000)
  }
  return best(rates)
}

async function runQueue(events: number, wait: () => Promise<void> | undefined): Promise<void> {
  const queue = new EventQueue()
  let left = events
  class Again extends QueuedEvent {
    run(): void {
      if (left-- > 0) queue.add(this, queue.nowUs + 20_000)
    }
  }
  for (let index = 0; index < DEPTH; index++) queue.add(new Again(), index * 200)
  while (queue.runNext()) {
    const waiting = wait()
    if (waiting !== undefined) await waiting
  }
}
