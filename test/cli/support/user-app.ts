/** A user's module for `--app`. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** A lobby that loses a name when its session is disconnected. `name`, `text`: JavaScript expressions. */
export function userApp(name: string, text = 'String(count)'): string {
  const generated = pathToFileURL(path.resolve('scenarios/apps/generated/chat.js')).href
  return `
import { defineApp } from 'overworld'
import { defineSimulatedApp } from 'overworld/scenarios'
import { chat_app } from '${generated}'

const lobby = defineApp({ name: 'lobby', prefix: 7, schema: chat_app.chat })
const zone = lobby.defineZone({
  init: () => ({ names: new Map() }),
  handleJoin(message, session, zone, state) {
    state.names.set(session, message.handle)
  },
  handleDisconnect(session, zone, state) {
    state.names.delete(session)
  },
  rpc: {
    channel_msg: (message, session, zone, state) =>
      lobby.broadcast('channel_msg', { handle: ${name}, text: message.text }),
  },
})

export default {
  apps: [
    defineSimulatedApp({
      app: lobby,
      zone,
      bot: {
        join: (handle) => ({ handle }),
        act: (room, { count }) => room.send('channel_msg', { text: ${text} }),
        listen(room, self, check) {
          room.on('channel_msg', ({ text }) => check('is-loud', text !== '', () => 'it was silent'))
        },
      },
      invariants: { 'is-loud': 'Nobody says nothing.' },
    }),
  ],
}
`
}
