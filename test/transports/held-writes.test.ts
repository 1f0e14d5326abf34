import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { HeldWrites } from '../../transports/held-writes.ts'

/** A stream that notes what it is asked to write, one entry for each piece. */
function pieces(): { readonly stream: Writable; readonly sizes: number[] } {
  const sizes: number[] = []
  const stream = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      sizes.push(chunk.length)
      done()
    },
    writev(chunks: { readonly chunk: Uint8Array }[], done) {
      sizes.push(chunks.reduce((sum, { chunk }) => sum + chunk.length, 0))
      done()
    },
  })
  return { stream, sizes }
}

interface Sender {
  send(bytes: number): void
  readonly sizes: readonly number[]
  readonly stream: Writable
  readonly held: HeldWrites
}

function sender(onReleased: () => void = () => undefined): Sender {
  const { stream, sizes } = pieces()
  const held = new HeldWrites(stream, onReleased)
  return {
    held,
    send(bytes) {
      held.hold(bytes)
      stream.write(new Uint8Array(bytes))
    },
    sizes,
    stream,
  }
}

/** Everything that is done before the event loop looks at anything else. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}

test('what is sent in one turn leaves in one piece at its end, and what is sent in the next in another', async () => {
  const { send, sizes } = sender()
  for (const bytes of [10, 0, 30]) send(bytes)
  expect(sizes).toEqual([])
  await endOfTurn()
  expect(sizes).toEqual([40])
  send(5)
  await endOfTurn()
  expect(sizes).toEqual([40, 5])
})

test('each stream has its own piece, and all leave together', async () => {
  const senders = [sender(), sender(), sender()]
  for (let round = 1; round <= 3; round++) for (const { send } of senders) send(round)
  await endOfTurn()
  expect(senders.map(({ sizes }) => sizes)).toEqual([[6], [6], [6]])
})

test('more than 16 KiB is not held: what came before leaves first, and then it, at once', async () => {
  const { send, sizes, stream } = sender()
  send(16 * 1024)
  expect(stream.writableLength).toBe(16 * 1024)
  send(1)
  expect(sizes).toEqual([16 * 1024, 1])
  send(20 * 1024)
  expect(sizes).toEqual([16 * 1024, 1, 20 * 1024])
  send(2)
  send(3)
  await endOfTurn()
  expect(sizes).toEqual([16 * 1024, 1, 20 * 1024, 5])
  expect(stream.writableCorked).toBe(0)
})

test('a stream that is destroyed within the turn takes nothing, and keeps nobody from leaving', async () => {
  const [first, second] = [sender(), sender()]
  first.send(1)
  second.send(2)
  first.stream.destroy()
  await endOfTurn()
  expect([first.sizes, second.sizes]).toEqual([[], [2]])
})

test('what is held is told apart from what waited before, and its release is told', async () => {
  const heldWhenReleased: number[] = []
  const { send, stream, held } = sender(() => heldWhenReleased.push(held.bytes))
  stream._write = () => undefined
  stream.write(new Uint8Array(100))
  send(30)
  send(20)
  expect([stream.writableLength, held.bytes]).toEqual([150, 50])
  await endOfTurn()
  expect([stream.writableLength, held.bytes]).toEqual([150, 0])
  expect(heldWhenReleased).toEqual([0])
})
