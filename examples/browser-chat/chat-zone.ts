/** The chat's zone: who is here, and what they say. Who loses the connection stays until its session is over. */
import type { Action, Session, ZoneDefinition } from 'overworld'
import { chat, type ChatSchema } from './chat-app.ts'

type Names = Map<Session, string>

export const chatZone: ZoneDefinition<ChatSchema, Names> = chat.defineZone({
  disconnect: 'soft',
  init: (): Names => new Map(),
  handleJoin({ name }, session, _zone, names) {
    names.set(session, name)
    return chat.broadcast('here', here(names))
  },
  handlePart(_message, session, _zone, names) {
    names.delete(session)
    return chat.broadcast('here', here(names))
  },
  // What was said meanwhile is lost, but who is here can be said again.
  handleReconnect: (_session, _zone, names): Action => chat.reply('here', here(names)),
  rpc: {
    say: ({ text }, session, _zone, names) => chat.broadcast('said', { name: names.get(session) ?? '', text }),
  },
})

function here(names: Names): { readonly names: readonly string[] } {
  return { names: [...names.values()] }
}
