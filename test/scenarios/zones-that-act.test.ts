/** Zones of users do to their members what the server's API offers; the judge must know that they asked for it. */
import { expect, test } from 'vitest'
import { defineApp, type Session, type ZoneView } from 'overworld'
import { defineSimulatedApp, runCampaign, type SimulatedApp } from 'overworld/scenarios'
import { chat_app } from '../../scenarios/apps/generated/chat.js'

const strict = defineApp({ name: 'strict', prefix: 9, schema: chat_app.chat })

const BYE = { handle: 'somebody', text: 'bye' }

type Act = (session: Session, zone: ZoneView) => void

/** A zone that does `act` to every `nth` speaker. */
function appThat(act: Act, nth = 4): SimulatedApp {
  const zone = strict.defineZone({
    init: () => ({ said: 0 }),
    rpc: {
      channel_msg({ text }, session, view, state) {
        if (++state.said % nth === 0) act(session, view)
        return strict.broadcast('channel_msg', { handle: 'somebody', text })
      },
    },
  })
  return defineSimulatedApp({
    app: strict,
    zone,
    bot: {
      join: (name) => ({ handle: name }),
      act: (room, { count }) => void room.send('channel_msg', { text: String(count) }),
    },
  })
}

const acts: readonly (readonly [string, Act])[] = [
  ['removes a member', (session, zone) => zone.remove(session)],
  ['removes a member twice', (session, zone) => [1, 2].forEach(() => zone.remove(session))],
  ['stops a session', (session) => session.stop()],
  ['removes a member and stops its session', (session, zone) => (zone.remove(session), session.stop())],
  ['lets a connection go', (session) => session.disconnect()],
  ['lets a connection go and removes the member', (session, zone) => (session.disconnect(), zone.remove(session))],
  ['shortens the grace of a member', (session) => (session.disconnectTimeout = 1_000)],
  ['stops the oldest member', (_session, zone) => [...zone.members][0]?.stop()],
  ['lets the proxy go', (session) => (session.proxy = undefined)],
  ['sends to one that it removes', (session, zone) => (zone.remove(session), session.send(strict, 'channel_msg', BYE))],
  [
    'says something to a member and lets the connection go',
    (session) => (session.send(strict, 'channel_msg', BYE), session.disconnect()),
  ],
  ['gives a member a receiver', (session) => (session.proxy = { deliver() {}, closed() {} })],
  ['stops itself', (_session, zone) => zone.stop()],
  ['has a member leave and join again', (session) => (session.part(strict, {}), session.join(strict, { handle: 'x' }))],
]

test.each(acts)('a zone that %s is no breach', (_what, act) => {
  const { failure } = runCampaign({ seed: 1, runs: 60, apps: [appThat(act)] })
  expect(failure?.message).toBeUndefined()
})
