/**
 * The lobby: a board that shows which tables have free seats, and who is looking for one. The tables tell it whenever one
 * of their seats is taken or given up. There is nothing to keep here for a lost connection, so the zone is a hard one:
 * a client that comes back joins again.
 */
import type { Action, Session, TypedZone, ZoneDefinition } from 'overworld'
import { lobbyApp, type LobbySchema } from './apps.ts'

/** From a table, whenever its seats change. */
export interface TableNews {
  readonly name: string
  readonly free: number
  readonly players: readonly string[]
}

export interface LobbyState {
  readonly people: Map<Session, string>
  readonly tables: Map<string, TableNews>
}

export type LobbyZone = TypedZone<LobbySchema, TableNews>

export const lobbyZone: ZoneDefinition<LobbySchema, LobbyState, TableNews> = lobbyApp.defineZone({
  disconnect: 'hard',
  init: (): LobbyState => ({ people: new Map(), tables: new Map() }),
  handleJoin({ name }, session, _zone, state) {
    state.people.set(session, name)
    return board(state)
  },
  handlePart(_message, session, _zone, state) {
    state.people.delete(session)
    return board(state)
  },
  // The client went over to another connection, and has missed what was sent to the one before.
  handleReconnect: (_session, _zone, state) => lobbyApp.reply('board', contents(state)),
  handleInfo(news: TableNews, _zone, state) {
    state.tables.set(news.name, news)
    return board(state)
  },
})

function board(state: LobbyState): Action {
  return lobbyApp.broadcast('board', contents(state))
}

function contents({ people, tables }: LobbyState): {
  readonly people: readonly string[]
  readonly tables: readonly TableNews[]
} {
  return { people: [...people.values()], tables: [...tables.values()] }
}
