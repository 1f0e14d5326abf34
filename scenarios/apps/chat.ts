/**
 * The chat of Overworld's quickstart, wire-compatible with its clients: everybody sees who is there and what is said.
 * A soft zone: who loses the connection stays in the list until the session's grace is over.
 */
import { defineApp, type App, type Session, type ZoneDefinition } from '../../core/index.ts'
import { chat_app } from './generated/chat.js'

type ChatSchema = typeof chat_app.chat

export const chat: App<ChatSchema> = defineApp({
  name: 'chat',
  prefix: 0,
  schema: chat_app.chat,
})

/** The handle of each member, in the order in which they joined. */
export interface ChatState {
  readonly handles: Map<Session, string>
}

/** A longer handle is cut. */
const HANDLE_LENGTH_MAX = 32

export const chatZone: ZoneDefinition<ChatSchema, ChatState> = chat.defineZone({
  disconnect: 'soft',
  init: (): ChatState => ({ handles: new Map() }),
  handleJoin(message, session, _zone, state) {
    state.handles.set(session, readHandle(message.handle, session))
    return chat.broadcast('sync', { handles: [...state.handles.values()] })
  },
  handlePart(_message, session, _zone, state) {
    state.handles.delete(session)
    return chat.broadcast('sync', { handles: [...state.handles.values()] })
  },
  handleReconnect(_session, _zone, state) {
    return chat.reply('sync', { handles: [...state.handles.values()] })
  },
  rpc: {
    channel_msg(message, session, _zone, state) {
      // The server, not the client, says who speaks.
      return chat.broadcast('channel_msg', { handle: state.handles.get(session), text: message.text })
    },
  },
})

function readHandle(handle: string | undefined, session: Session): string {
  const trimmed = (handle ?? '').trim().slice(0, HANDLE_LENGTH_MAX)
  return trimmed === '' ? `guest-${session.id}` : trimmed
}
