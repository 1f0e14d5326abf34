/**
 * A room in which all happens that a zone may do: it refuses, throws, sets timers and forgets them, tells itself, sends
 * by every way that there is. There are two of it, and a route that does not always find one. Nobody would play this;
 * it is there for the fuzzer.
 */
import {
  defineApp,
  type App,
  type Outcome,
  type Session,
  type Timer,
  type TypedZone,
  type ZoneDefinition,
  type ZoneView,
} from '../../core/index.ts'
import { NONSENSE_ON_PURPOSE, PROMISED_ON_PURPOSE, ThrownOnPurpose } from '../simulated-app.ts'
import { lab_app } from './generated/lab.js'

type LabSchema = typeof lab_app.lab

export const lab: App<LabSchema> = defineApp({
  name: 'lab',
  prefix: 2,
  schema: lab_app.lab,
  // Not on the channel of the session protocol: what it reports may overtake that.
  messages: {
    report: { delivery: 'reliable', channel: 2 },
    order: { delivery: 'reliable', channel: 3 },
    flash: { delivery: 'unreliable', channel: 1 },
  },
})

/** What the lab tells itself: the number of the order, and whether it cannot be carried out, or comes to a lot of flashes. */
export type LabInfo = { readonly number: number; readonly fails?: boolean; readonly bursts?: boolean }

interface LabState {
  lastTimer: Timer | undefined
  lastLeaver: Session | undefined
}

type LabZone = TypedZone<LabSchema, LabInfo>

const Wish = lab_app.join.Wish
const Kind = lab_app.order.Kind
/** After that much (ms) the lab has forgotten what it was asked for. */
const DELAY_MS_MAX = 5_000
/** More than a client holds back until it has its session, and than the smallest buffer has room for. */
const BURST_MESSAGES = 70
/** Always the same: it is thrown thousands of times a second, and an error takes its time to note where it was made. */
const FAILURE = new ThrownOnPurpose('it failed, as it was told to')

export const labZone: ZoneDefinition<LabSchema, LabState, LabInfo> = lab.defineZone({
  disconnect: 'soft',
  init: (): LabState => ({ lastTimer: undefined, lastLeaver: undefined }),
  handleJoin(message, session, zone) {
    if (message.wish === Wish.failure) return failHavingAskedForAll(zone, session, session.id)
    if (message.wish === Wish.refusal) {
      const refusal = lab.refuse('report', { number: 0 })
      return session.id % 2 === 0 ? refusal : [lab.broadcast('report', { number: session.id }), refusal]
    }
    return [lab.broadcast('report', { number: session.id }), lab.reply('report', { number: 0 })]
  },
  handlePart(_message, session, zone, state, reason) {
    state.lastLeaver = session
    // A zone that has stopped remembers nothing.
    if (reason === 'zone_stopped') zone.setTimer(0, () => lab.broadcast('report', { number: session.id }))
    return [lab.reply('report', { number: 0 }), lab.broadcast('report', { number: session.id })]
  },
  handleReconnect(session) {
    return lab.reply('report', { number: session.id })
  },
  handleInfo({ number, fails = false, bursts = false }) {
    if (fails) return fail(number)
    if (bursts) return Array.from({ length: BURST_MESSAGES }, () => lab.broadcast('flash', { number }))
    return lab.broadcast('report', { number })
  },
  rpc: {
    order({ number, kind, delay_ms: delayMs = 0 }, session, zone, state): Outcome {
      const remind = (fire: () => Outcome): void => {
        state.lastTimer = zone.setTimer(Math.min(delayMs, DELAY_MS_MAX), fire)
      }
      switch (kind) {
        case Kind.echo:
          return lab.reply('report', { number })
        case Kind.hand_round:
          zone.send([...zone.members].slice(0, -1), 'report', { number })
          return
        case Kind.announce:
          zone.broadcast('report', { number }, { except: session })
          return lab.reply('report', { number })
        case Kind.remind:
          remind(() => lab.broadcast('report', { number }))
          return
        case Kind.forget:
          state.lastTimer?.cancel()
          return
        case Kind.note:
          zone.tell({ number })
          return
        case Kind.note_badly:
          zone.tell({ number, fails: true })
          return lab.broadcast('report', { number })
        case Kind.whisper:
          session.send(lab, 'report', { number })
          return lab.broadcast('report', { number })
        case Kind.dismiss: {
          const [oldest = session] = zone.members
          zone.broadcast('report', { number })
          oldest.disconnect()
          return lab.broadcast('report', { number })
        }
        case Kind.replace:
          session.proxy = { deliver() {}, closed() {} }
          return lab.reply('report', { number })
        case Kind.see_off:
          zone.remove(session, 'ended')
          return
        case Kind.burst:
          return Array.from({ length: BURST_MESSAGES }, () => lab.reply('report', { number }))
        case Kind.think_better:
          remind(() => lab.broadcast('report', { number }))
          state.lastTimer?.cancel()
          return
        case Kind.show_out_leaver:
          if (state.lastLeaver !== undefined) zone.remove(state.lastLeaver)
          return
        case Kind.fail:
          return failHavingAskedForAll(zone, session, number)
        case Kind.fail_later:
          remind(() => failHavingAskedForAll(zone, session, number))
          return
        case Kind.show_out:
          zone.remove(session)
          // It is no member any more when this is carried out.
          zone.send([session], 'report', { number })
          return
      }
    },
  },
})

/** The second zone for every other session, unless it wishes for the other one; none for some, and for some it loses its way. */
export function labRoute(
  { wish }: { readonly wish?: lab_app.join.Wish | undefined },
  session: Session,
  zones: readonly ZoneView[],
): ZoneView | undefined {
  if (wish === Wish.wrong_turn) return fail(session.id)
  const number = session.id + (wish === Wish.elsewhere ? 1 : 0)
  return wish === Wish.nowhere ? undefined : zones[number % zones.length]
}

function failHavingAskedForAll(zone: LabZone, session: Session, number: number): never {
  zone.broadcast('report', { number })
  zone.send([session], 'report', { number })
  zone.tell({ number })
  zone.remove(session)
  zone.setTimer(0, () => lab.broadcast('report', { number }))
  return fail(number)
}

/** By turns it throws, returns a promise that is rejected, or returns what is no action: TypeScript alone forbids these. */
function fail(number: number): never {
  switch (number % 3) {
    case 1:
      return PROMISED_ON_PURPOSE as never
    case 2:
      return NONSENSE_ON_PURPOSE as never
    default:
      throw FAILURE
  }
}
