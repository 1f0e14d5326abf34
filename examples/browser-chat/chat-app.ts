/** The app, for the page and for the server: so it is made with `overworld/client`, which has nothing of a server. */
import { defineApp, type App } from 'overworld/client'
import { page_chat } from './generated/page-chat.js'

export type ChatSchema = typeof page_chat.chat

export const chat: App<ChatSchema> = defineApp({ name: 'page-chat', prefix: 3, schema: page_chat.chat })
