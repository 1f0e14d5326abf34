/** How the fuzzer's clients play the reference apps. */
import { defineSimulatedApp, type SimulatedApp } from '../simulated-app.ts'
import { arena, defineArenaZone } from './arena.ts'
import { arena_app } from './generated/arena.js'
import { chat, chatZone } from './chat.ts'
import { lab_app } from './generated/lab.js'
import { lab, labRoute, labZone } from './lab.ts'
import { labVersions } from './lab-versions.ts'

/** Those that take part where no others are named. `tickMs`: the arena's. */
export function referenceApps(tickMs: number): readonly SimulatedApp[] {
  return [simulatedChat, simulatedArena(tickMs), simulatedLab]
}

export const simulatedChat: SimulatedApp = defineSimulatedApp({
  app: chat,
  zone: chatZone,
  sendsByZoneAlone: true,
  hasNpcs: true,
  isFrugal: true,
  putsOut: true,
  bot: {
    join: (name) => ({ handle: name }),
    act(room, { name, life, count }) {
      room.send('channel_msg', { text: `${name} ${life} ${count}` })
    },
    listen(room, { name }, check) {
      const heard = new Map<string, number>()
      room.on('channel_msg', ({ handle, text = '' }) => {
        const key = text.slice(0, text.lastIndexOf(' '))
        const speaker = key.slice(0, key.lastIndexOf(' '))
        const count = Number(text.slice(key.length + 1))
        const last = heard.get(key) ?? -1
        heard.set(key, count)
        check('in-order', count > last, () => `${name} heard message ${count} of ${key} after message ${last}`)
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
    sendsByZoneAlone: true,
    hasNpcs: true,
    isFrugal: true,
    putsOut: true,
    isUnusual: true,
    bot: {
      judgesAnyone: true,
      join: (name) => ({ handle: name }),
      act(room, { count, random }) {
        const dx = random.below(11) - 5
        const dy = random.below(11) - 5
        room.send('input', { seq: count + 1, dx, dy, fire: random.below(4) === 0 })
      },
      listen(room, { name, client }, check) {
        let last: number | undefined
        const startAnew = (): void => {
          last = undefined
        }
        // Over another connection it goes on with whatever event comes next; in the arena anew, with its own arrival.
        client.on('session', startAnew)
        room.on('event', ({ number, kind, subject }) => {
          if (kind === arena_app.event.Kind.spawned && subject === client.sessionId) startAnew()
          const expected = (last ?? number - 1) + 1
          check('events-without-gaps', number === expected, () => `${name} got event ${number} instead of ${expected}`)
          last = number
        })
      },
    },
    invariants: {
      'events-without-gaps': 'A client misses no event of the arena while its connection lasts.',
    },
  })
}

const { Wish } = lab_app.join
const { Kind } = lab_app.order
/** One join after the other: every second one is welcome. */
const WISHES = [
  Wish.welcome,
  Wish.refusal,
  Wish.welcome,
  Wish.failure,
  Wish.elsewhere,
  Wish.nowhere,
  Wish.welcome,
  Wish.wrong_turn,
]
const COMMON_ORDERS = [Kind.echo, Kind.hand_round, Kind.announce, Kind.remind, Kind.remind, Kind.note, Kind.whisper]
const RARE_ORDERS = [
  Kind.forget,
  Kind.fail,
  Kind.fail_later,
  Kind.note_badly,
  Kind.show_out,
  Kind.see_off,
  Kind.dismiss,
  Kind.think_better,
  Kind.show_out_leaver,
  Kind.replace,
  Kind.burst,
]
/** Whoever is replaced is out of the game, and its server copies each message from then on; a burst takes its time. */
const SELDOM = new Map([
  [Kind.replace, 8],
  [Kind.burst, 24],
])
const ORDERS = [...COMMON_ORDERS, ...COMMON_ORDERS, ...RARE_ORDERS]

export const simulatedLab: SimulatedApp = defineSimulatedApp({
  app: lab,
  zone: labZone,
  versions: labVersions,
  zones: 2,
  route: labRoute,
  tells: [{ number: 0 }, { number: 0 }, { number: 0 }, { number: 0, bursts: true }],
  zoneGoals: ['join refused', 'join threw', 'handler threw', 'timer fired', 'timer cancelled'],
  hasNpcs: true,
  isFrugal: true,
  putsOut: true,
  isUnusual: true,
  direct: { type: 'report', message: { number: 0 } },
  sendsByZoneAlone: true,
  bot: {
    join: (_name, count) => ({ wish: WISHES[count % WISHES.length] ?? Wish.welcome }),
    act(room, { count, random }) {
      const drawn = ORDERS[random.below(ORDERS.length)] ?? Kind.echo
      const kind = random.below(SELDOM.get(drawn) ?? 1) > 0 ? Kind.echo : drawn
      room.send('order', { number: count + 1, kind, delay_ms: random.below(2_000) })
    },
  },
})
