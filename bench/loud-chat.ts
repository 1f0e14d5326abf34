/** A chat room without the limit of lines that the reference chat has: everybody hears all that is said. */
import { chat } from '../scenarios/apps/chat.ts'

export const loudZone = chat.defineZone({
  init: () => undefined,
  rpc: { channel_msg: ({ text = '' }) => chat.broadcast('channel_msg', { handle: 'somebody', text }) },
})
