/** The two apps, for the server and for pages: so they are made with `overworld/client`, which has nothing of a server. */
import { defineApp, type App } from 'overworld/client'
import { lobby_app } from './generated/lobby.js'
import { table_app } from './generated/table.js'

export type LobbySchema = typeof lobby_app.lobby
export type TableSchema = typeof table_app.table

export const lobbyApp: App<LobbySchema> = defineApp({ name: 'lobby', prefix: 11, schema: lobby_app.lobby })
export const tableApp: App<TableSchema> = defineApp({ name: 'table', prefix: 12, schema: table_app.table })
