/**
 * An NPC: a session without a connection, which joins a zone, hears and speaks like anyone. Its messages are plain
 * objects; nothing is encoded. Left out: any wit.
 */
import type { Received, Server, Session } from 'overworld'
import { chat } from 'overworld/scenarios'

type ChannelMessage = Received<typeof chat.schema, 'channel_msg'>

/** Puts a parrot into the chat of `server`: it repeats what it hears, but not what parrots say. */
export function startParrot(server: Server): Session {
  const parrot = server.sessions.start({
    proxy: {
      deliver(type, message) {
        if (type !== 'channel_msg') return
        const { handle, text } = message as ChannelMessage
        if (handle !== 'parrot') parrot.rpc(chat, 'channel_msg', { text: `${text}! ${text}!` })
      },
      closed() {},
    },
  })
  parrot.join(chat, { handle: 'parrot' })
  return parrot
}
