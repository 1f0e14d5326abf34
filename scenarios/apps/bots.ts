/** How the fuzzer's clients play the two reference apps. */
import { defineSimulatedApp, type SimulatedApp } from '../simulated-app.ts'
import { arena, defineArenaZone } from './arena.ts'
import { chat, chatZone } from './chat.ts'

export const simulatedChat: SimulatedApp = defineSimulatedApp({
  app: chat,
  zone: chatZone,
  returnsAll: true,
  bot: {
    join: (name) => ({ handle: name }),
    act(room, { name, life, count }) {
      room.send('channel_msg', { text: `${name} ${life} ${count}` })
    },
    listen(room, { name }, check) {
      const heard = new Map<string, number>()
      room.on('channel_msg', ({ handle, text = '' }) => {
        const [speaker, life, count] = text.split(' ')
        const key = `${speaker} ${life}`
        const last = heard.get(key) ?? -1
        heard.set(key, Number(count))
        check('in-order', Number(count) > last, () => `${name} heard message ${count} of ${key} after message ${last}`)
        check('server-names-speakers', handle === speaker, () => `${name} heard ${speaker} under the name ${handle}`)
      })
    },
  },
  invariants: {
    'server-names-speakers': 'The server, not the client, says who speaks.',
  },
})

export function simulatedArena(tickMs: number): SimulatedApp {
  return defineSimulatedApp({
    app: arena,
    zone: defineArenaZone(tickMs),
    returnsAll: true,
    bot: {
      join: (name) => ({ handle: name }),
      act(room, { count, random }) {
        const dx = random.below(11) - 5
        const dy = random.below(11) - 5
        room.send('input', { seq: count + 1, dx, dy, fire: random.below(4) === 0 })
      },
      listen(room, { name }, check) {
        let lastFrame = 0
        room.on('snapshot', ({ frame }) => {
          check('snapshots-in-order', frame > lastFrame || frame <= RESTARTED_FRAMES, () => {
            return `${name} saw frame ${frame} after frame ${lastFrame}`
          })
          lastFrame = frame
        })
      },
    },
    invariants: {
      'snapshots-in-order': 'A late snapshot is dropped: no client sees the game run backwards.',
    },
  })
}

/** A zone that was started anew counts from 1; its first snapshots may follow higher ones. */
const RESTARTED_FRAMES = 50
