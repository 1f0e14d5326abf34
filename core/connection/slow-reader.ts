/** What is done with a message for a peer that reads more slowly than it is sent to. */
import type { Delivery } from '../delivery.ts'
import type { Limits } from '../options.ts'

/**
 * `buffered`: bytes that wait for the peer already. Above the soft limit unreliable messages are dropped, above the hard limit
 * the connection is closed.
 */
export function judgeBuffer(
  buffered: number,
  delivery: Delivery,
  { bufferedBytesHard, bufferedBytesSoft }: Pick<Limits, 'bufferedBytesHard' | 'bufferedBytesSoft'>,
): 'send' | 'drop' | 'close' {
  if (buffered > bufferedBytesHard) return 'close'
  if (buffered > bufferedBytesSoft && delivery.mode !== 'reliable') return 'drop'
  return 'send'
}
