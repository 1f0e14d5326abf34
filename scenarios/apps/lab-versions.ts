/**
 * The lab as clients of other versions have it: a page of yesterday and one of tomorrow. Half of what they say the server
 * can read, so that they notice where they are not; the other half, and some of what they hear, nobody can.
 */
import { defineApp, type App } from '../../core/index.ts'
import { defineClientVersion, type ClientVersion } from '../simulated-app.ts'
import { lab_newer_app } from './generated/lab-newer.js'
import { lab_older_app } from './generated/lab-older.js'

const CHANNELS = { report: { channel: 2 }, order: { channel: 3 } } as const

const older: App<typeof lab_older_app.lab> = defineApp({
  name: 'lab',
  prefix: 2,
  schema: lab_older_app.lab,
  messages: CHANNELS,
})

const newer: App<typeof lab_newer_app.lab> = defineApp({
  name: 'lab',
  prefix: 2,
  schema: lab_newer_app.lab,
  messages: CHANNELS,
})

const { Kind } = lab_newer_app.order
const ECHO = 1

export const labVersions: { readonly older: ClientVersion; readonly newer: ClientVersion } = {
  older: defineClientVersion({
    app: older,
    bot: {
      join: () => ({}),
      act(room, { count }) {
        if (count % 2 === 0) room.send('order', { number: count + 1, kind: ECHO })
        else room.send('order', { number: count + 1 })
      },
    },
  }),
  newer: defineClientVersion({
    app: newer,
    bot: {
      join: () => ({}),
      act(room, { count }) {
        if (count % 2 === 1) room.send('hail', {})
        else room.send('order', { number: count + 1, kind: count % 4 === 0 ? Kind.echo : Kind.salute })
      },
    },
  }),
}
