/** A chat zone that writes down which handlers ran, and does what a test tells it to. */
import type { Outcome } from '../../../core/session/views.ts'
import type { Session } from '../../../core/session/views.ts'
import type { TypedZone, ZoneDefinition } from '../../../core/zone/zone-definition.ts'
import type { PartReason } from '../../../core/session/views.ts'
import { chat } from '../../../scenarios/apps/chat.ts'

type ChatSchema = typeof chat.schema
export type ChatZone = TypedZone<ChatSchema, string>

export interface Hooks {
  handleJoin?(session: Session, zone: ChatZone): Outcome
  handlePart?(session: Session, zone: ChatZone, reason: PartReason): Outcome
  handleDisconnect?(session: Session, zone: ChatZone): Outcome
  handleReconnect?(session: Session, zone: ChatZone): Outcome
  handleInfo?(message: string, zone: ChatZone): Outcome
  channel_msg?(session: Session, zone: ChatZone, text: string): Outcome
}

/** `journal` gets lines such as `join 1`, `part 1 timeout`, `disconnect 1`. */
export function journalZone(
  journal: string[],
  hooks: Hooks = {},
  disconnect: 'soft' | 'hard' = 'soft',
): ZoneDefinition<ChatSchema, undefined, string> {
  return chat.defineZone<undefined, string>({
    disconnect,
    init: () => undefined,
    handleJoin(_message, session, zone) {
      journal.push(`join ${session.id}`)
      return hooks.handleJoin?.(session, zone)
    },
    handlePart(message, session, zone, _state, reason) {
      journal.push(`part ${session.id} ${reason}${message === undefined ? '' : ' with a message'}`)
      return hooks.handlePart?.(session, zone, reason)
    },
    handleDisconnect(session, zone) {
      journal.push(`disconnect ${session.id}`)
      return hooks.handleDisconnect?.(session, zone)
    },
    handleReconnect(session, zone) {
      journal.push(`reconnect ${session.id}`)
      return hooks.handleReconnect?.(session, zone)
    },
    handleInfo(message, zone) {
      journal.push(`info ${message}`)
      return hooks.handleInfo?.(message, zone)
    },
    rpc: {
      channel_msg(message, session, zone) {
        journal.push(`channel_msg ${session.id} ${message.text}`)
        return hooks.channel_msg?.(session, zone, message.text ?? '')
      },
    },
  })
}
