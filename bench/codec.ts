/** What encoding and decoding cost: our codec, which checks and makes plain, against the generated code alone. */
import protobuf from 'protobufjs/minimal.js'
import { Bench } from 'tinybench'
import type { AnyApp } from '../core/index.ts'
import { arena } from '../scenarios/apps/arena.ts'
import { chat } from '../scenarios/apps/chat.ts'
import type { Schema } from '../core/app/message-types.ts'
import type { Benchmark, Figure } from './benchmark.ts'

const TIME_MS = 400

interface Sample {
  readonly what: string
  readonly app: AnyApp
  readonly schema: Schema
  readonly type: string
  readonly message: object
}

const entities = Array.from({ length: 8 }, (_, index) => ({
  id: index + 1,
  x: 17 * index,
  y: -5 * index,
  last_seq: 900,
}))
const SAMPLES: readonly Sample[] = [
  {
    what: 'a line of chat',
    app: chat,
    schema: chat.schema,
    type: 'channel_msg',
    message: { handle: 'alice', text: 'what people say' },
  },
  {
    what: 'a snapshot of eight',
    app: arena,
    schema: arena.schema,
    type: 'snapshot',
    message: { frame: 12_345, entities },
  },
]

export const codec: Benchmark = {
  name: 'codec',
  about: 'encoding and decoding, against the generated code alone',
  async run() {
    const figures: Figure[] = []
    for (const sample of SAMPLES) figures.push(...(await measure(sample)))
    return figures
  },
}

async function measure({ what, app, schema, type, message }: Sample): Promise<readonly Figure[]> {
  const frame = app.codec.encode(type, message)
  const body = frame.slice(2)
  const bench = new Bench({ time: TIME_MS, warmupTime: TIME_MS / 2 })
  bench
    .add('encode', () => void app.codec.encode(type, message))
    .add('bare encode', () => void schema.encode({ [type]: message }).finish())
    .add('decode', () => void app.codec.decode(frame))
    .add('bare decode', () => void schema.decode(protobuf.Reader.create(body)))
  await bench.run()
  const rateOf = (name: string): number => {
    const result = bench.getTask(name)?.result
    return result !== undefined && 'throughput' in result ? result.throughput.mean : NaN
  }
  return (['encode', 'decode'] as const).map((direction) => ({
    what: `${direction} ${what} (${frame.length} bytes)`,
    value: rateOf(direction),
    unit: 'messages/s',
    ratio: { value: rateOf(direction) / rateOf(`bare ${direction}`), to: 'generated code' },
  }))
}
