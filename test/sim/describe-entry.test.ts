import { protocol, RELIABLE, type AnyApp, type Entry } from 'overworld'
import { describeEntry } from 'overworld/sim'
import { expect, it } from 'vitest'

/** An app whose messages have a field that the session protocol has as well. */
const quarrel: AnyApp = {
  name: 'quarrel',
  prefix: 9,
  handled: new Set<string>(),
  deliveryOf: () => RELIABLE,
  schemaHash: undefined,
  codec: {
    encode: () => new Uint8Array(0),
    decode: () => ({ type: 'left', message: { reason: 3, picture: Uint8Array.of(1, 2, 3, 4, 5) } }),
  },
}

function sent(bytes: Uint8Array): Entry {
  return { kind: 'sent', connection: 1, bytes, delivery: RELIABLE, length: bytes.length }
}

it('names the reasons of the session protocol, and no others', () => {
  expect(describeEntry(sent(protocol.codec.encode('session_denied', { reason: 3 })), [quarrel])).toBe(
    'connection 1 -> session_denied {"reason":"already_in_session"}',
  )
  expect(describeEntry(sent(Uint8Array.of(0, 9, 1)), [quarrel])).toBe(
    'connection 1 -> quarrel left {"reason":3,"picture":"01020304…"}',
  )
})
