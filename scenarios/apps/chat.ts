/**
 * The chat of Overworld's quickstart, wire-compatible with its clients: everybody sees who is there and what is said.
 * A soft zone: who loses the connection stays in the list until the session's grace is over.
 */
import { defineApp, type Action, type App, type Session, type ZoneDefinition, type ZoneView } from '../../core/index.ts'
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
  /** How many more lines may come from each session that has sent one. It stays the same if the session parts and joins again. */
  readonly allowances: WeakMap<Session, Allowance>
  /** When the list was last sent to everybody (ms). */
  syncedAtMs: number
  /** The list will be sent again, once `SYNC_INTERVAL_MS` has passed. */
  isSyncDue: boolean
}

/** A longer handle is cut. */
const HANDLE_LENGTH_MAX = 32
/** A longer line is cut (in UTF-16 units). */
const LINE_LENGTH_MAX = 4_096
/** Deliveries of one member's lines in a second: the lines times the members. Further lines are dropped. */
const DELIVERIES_PER_SECOND_MAX = 500
/** Lines that a member may send in a second in a zone of any size. */
const LINES_PER_SECOND_MIN = 2
/** The list is sent to everybody at most so often: otherwise a client that joins and parts all the time makes each of them a broadcast of the whole list. */
const SYNC_INTERVAL_MS = 250

interface Allowance {
  readonly atMs: number
  readonly lines: number
}

export const chatZone: ZoneDefinition<ChatSchema, ChatState> = chat.defineZone({
  disconnect: 'soft',
  init: (): ChatState => ({ handles: new Map(), allowances: new WeakMap(), syncedAtMs: -Infinity, isSyncDue: false }),
  handleJoin(message, session, zone, state) {
    state.handles.set(session, readHandle(message.handle, session))
    return syncAll(zone, state)
  },
  handlePart(_message, session, zone, state) {
    state.handles.delete(session)
    return syncAll(zone, state)
  },
  handleReconnect(_session, _zone, state) {
    return chat.reply('sync', { handles: [...state.handles.values()] })
  },
  rpc: {
    channel_msg(message, session, zone, state) {
      if (!maySpeak(session, zone, state)) return undefined
      // The server, not the client, says who speaks.
      return chat.broadcast('channel_msg', {
        handle: state.handles.get(session),
        text: message.text?.slice(0, LINE_LENGTH_MAX),
      })
    },
  },
})

/**
 * Each line goes to all members. Without this limit, ten clients within `limits.messagesPerSecond` could make a server send a
 * million messages in a second to a hundred members.
 */
function maySpeak(session: Session, zone: ZoneView, state: ChatState): boolean {
  const atMs = zone.now()
  const perSecond = Math.max(LINES_PER_SECOND_MIN, Math.floor(DELIVERIES_PER_SECOND_MAX / state.handles.size))
  const before = state.allowances.get(session) ?? { atMs, lines: perSecond }
  const lines = Math.min(perSecond, before.lines + ((atMs - before.atMs) * perSecond) / 1_000)
  state.allowances.set(session, { atMs, lines: lines >= 1 ? lines - 1 : lines })
  return lines >= 1
}

/** At once, or with the other changes of this interval. */
function syncAll(zone: ZoneView, state: ChatState): Action | undefined {
  if (state.isSyncDue) return undefined
  const waitMs = state.syncedAtMs + SYNC_INTERVAL_MS - zone.now()
  if (waitMs <= 0) return sync(zone, state)
  state.isSyncDue = true
  zone.setTimer(waitMs, () => sync(zone, state))
  return undefined
}

function sync(zone: ZoneView, state: ChatState): Action {
  state.isSyncDue = false
  state.syncedAtMs = zone.now()
  return chat.broadcast('sync', { handles: [...state.handles.values()] })
}

function readHandle(handle: string | undefined, session: Session): string {
  const trimmed = (handle ?? '').trim().slice(0, HANDLE_LENGTH_MAX)
  return trimmed === '' ? `guest-${session.id}` : trimmed
}
