/**
 * Settling: the game's own timers are held back, everything that was sent arrives, and then what clients see is compared
 * with what is so. Where it does not become quiet in time, or something breaks meanwhile, nothing is compared.
 */
import type { LiveZone, Session } from '../../core/index.ts'
import type { World } from '../../sim/index.ts'
import type { Goals } from '../goals.ts'
import type { Phase } from '../runner/run-world.ts'
import { inLines } from './in-lines.ts'
import { describeDifferences } from '../state/describe-differences.ts'
import { differences, type Difference } from '../state/differences.ts'
import type { Game, SettledClient, SettledZone } from './define-game.ts'
import { gameCheck, type GameChecks } from './game-checks.ts'
import type { GamePlayer } from './game-player.ts'
import type { GameTap } from './game-tap.ts'
import type { GameClock, HeldTimers } from './held-timers.ts'
import { hasMissed, isDelivered, type Traffic } from './traffic.ts'
import { ViewsDiffer } from './views-differ.ts'
import { isEmpty, structuredCopy, visible } from './visible.ts'
import type { ZoneViews } from './zone-views.ts'

/** So long (ms) what was sent may take to arrive. */
const SETTLES_MS_MAX = 10_000
/** Nobody has sent anything for so long (ms): what is unreliable has arrived, or never will. */
const QUIET_MS = 300
const POLL_MS = 20
/** So long (ms) a client may take to go over to another connection, on a network that is well. */
const TAKEOVER_MS_MAX = 5_000
/** So much later (ms) a client comes back once more. */
const LATER_MS = 700
/** So many places are compared. */
const MOVING_MAX = 1_000
/** So many differences are told. */
const DIFFERENCES_MAX = 5

export interface SettlingParts {
  readonly world: World
  readonly game: Game
  readonly checks: GameChecks
  readonly goals: Goals
  readonly players: ReadonlyMap<string, GamePlayer>
  readonly held: HeldTimers
  readonly traffic: Traffic
  readonly views: ZoneViews
  /** Of the server's present life. */
  readonly tap: () => GameTap | undefined
  readonly clock: () => GameClock | undefined
  /** False: the run goes without judges. */
  readonly isJudged: boolean
  readonly onSettled: () => void
}

export class Settling {
  readonly #parts: SettlingParts
  #isUnderWay = false
  #isDisturbed = false

  constructor(parts: SettlingParts) {
    this.#parts = parts
  }

  /** Something breaks: nothing is compared this time. */
  disturb(): void {
    this.#isDisturbed = true
  }

  /**
   * `takesOver`: every client goes over to another connection, twice, and is judged by what it is told. Where a run settles
   * already, that one comes to its end first; without `takesOver` it is enough.
   */
  *settle({ takesOver }: { readonly takesOver: boolean }): Phase {
    if (this.#isUnderWay && !takesOver) return
    while (this.#isUnderWay) yield POLL_MS
    const { held, world, onSettled } = this.#parts
    this.#isUnderWay = true
    this.#isDisturbed = false
    held.hold()
    try {
      if (!(yield* this.#becomesQuiet())) return
      onSettled()
      this.#judge()
      if (!takesOver) return
      yield* this.#takeOver()
      if (yield* this.#becomesQuiet()) this.#judge()
    } finally {
      this.#isUnderWay = false
      this.#parts.clock()?.goOn()
      held.release((fire) => world.after(0, fire))
    }
  }

  *#becomesQuiet(): Generator<number, boolean, void> {
    const { world } = this.#parts
    const endMs = world.nowMs + SETTLES_MS_MAX
    while (world.nowMs < endMs && !this.#isDisturbed) {
      if (this.#isQuiet()) return true
      yield POLL_MS
    }
    return false
  }

  #isQuiet(): boolean {
    const { world, players, traffic } = this.#parts
    const tap = this.#parts.tap()
    if (tap === undefined || !world.isServerUp || world.nowMs - traffic.lastMs < QUIET_MS) return false
    for (const player of players.values()) {
      if (player.hasEnded || player.dialsItself) continue
      const session = player.session
      const end = session === undefined ? undefined : tap.linkOf(session)
      if (end === undefined || !isDelivered(player.link, end)) return false
    }
    return true
  }

  #judge(): void {
    const { game, checks, players, views, isJudged } = this.#parts
    const tap = this.#parts.tap()
    if (!isJudged || tap === undefined) return
    const clients = new Map<string, SettledClient<unknown>>()
    for (const player of players.values()) {
      const { model, name } = player
      if (model === undefined || player.hasEnded) continue
      const session = player.dialsItself ? undefined : player.session
      clients.set(name, { name, model: model.value, session })
      if (session === undefined || game.sees === undefined) continue
      // Its next tick would tell it again, and ticks are held back.
      const end = tap.linkOf(session)
      if (end !== undefined && hasMissed(player.link, end)) continue
      this.#compare(tap, name, session, game.sees(model.value))
    }
    const zones = [...tap.zones].map((zone): SettledZone => {
      return { name: zone.name, app: zone.app, members: zone.members, state: views.of(zone) }
    })
    game.settled?.({ clients, zones, check: gameCheck(checks, () => 'when nothing was under way') })
  }

  #compare(tap: GameTap, name: string, session: Session, seen: unknown): void {
    const zone = session.zone as LiveZone | undefined
    const judge = zone === undefined ? undefined : tap.judgeOf(zone)
    if (zone !== undefined && judge?.shows === undefined) return
    const shown = zone === undefined ? undefined : judge?.shows?.(this.#parts.views.of(zone), session)
    const found = differences(shown, seen, { max: DIFFERENCES_MAX })
    const { checks, goals } = this.#parts
    if (checks.isOff('views-agree')) return
    checks.pass('views-agree')
    if (zone !== undefined) goals.reach('view compared')
    if (found.length === 0) return
    const where = zone === undefined ? 'is in no zone' : `is in zone '${zone.name}'`
    const words = { expected: 'the server shows', actual: `${name} sees` }
    throw new ViewsDiffer(
      `${name} (session ${session.id}) ${where}, nothing is under way, and what it sees is not so:\n` +
        inLines(describeDifferences(found, words)),
      { client: name, paths: found.map(({ path }) => path) },
    )
  }

  *#takeOver(): Phase {
    const { players, checks } = this.#parts
    const tap = this.#parts.tap()
    if ((checks.isOff('back-and-told') && checks.isOff('same-view-after-return')) || tap === undefined) return
    this.#parts.clock()?.standStill()
    for (const player of players.values()) {
      const session = player.hasEnded || player.dialsItself ? undefined : player.session
      const zone = session?.zone as LiveZone | undefined
      if (session === undefined || zone === undefined || !tap.answers.hasAnsweredJoin(session, zone)) continue
      yield* this.#takeOverTwice(player, session, zone, tap)
      if (this.#isDisturbed) return
    }
  }

  *#takeOverTwice(player: GamePlayer, session: Session, zone: LiveZone, tap: GameTap): Phase {
    const { checks } = this.#parts
    const { answers } = tap
    const isAsItWas = (): boolean => session.zone === zone && !zone.isStopped
    // What it sees is compared: nothing may be on its way to it, of what has happened since all was quiet.
    const end = tap.linkOf(session)
    if ((end === undefined || !isDelivered(player.link, end)) && !(yield* this.#becomesQuiet())) return
    const { handled } = answers
    const hasSeenAll = end !== undefined && !hasMissed(player.link, end)
    const before = this.#seenBy(player)
    if (!(yield* this.#goOver(player, session, tap)) || !isAsItWas()) return
    const first = answers.lastOf(session)
    if (first === undefined) return
    const where = `zone '${zone.name}'`
    checks.check('back-and-told', first.messages.length > 0, () => {
      return `${where} has answered the join of ${player.name} (session ${session.id}), and says nothing to it when it comes back`
    })
    if (!(yield* this.#goOver(player, session, tap)) || !isAsItWas()) return
    const second = answers.lastOf(session)
    if (second === undefined) return
    // Nothing else was handled, neither before the first nor in between: a lost connection, for example, changes the state.
    if (first.handledBefore !== handled || second.handledBefore !== handled + 1) return
    const found = differences(first.messages, second.messages, { max: DIFFERENCES_MAX })
    checks.check('back-and-told', found.length === 0, () => {
      const what = inLines(describeDifferences(found, { expected: 'the first time', actual: 'the second time' }))
      return `${player.name} (session ${session.id}) comes back twice in a row, and ${where} answers differently:\n${what}`
    })
    // Neither has anything been handled since the second return.
    if (answers.handled !== handled + 2 || !hasSeenAll) return
    const changed = this.#differencesOf(before, this.#seenBy(player))
    if (changed.length === 0) {
      checks.pass('same-view-after-return')
      return
    }
    yield* this.#compareLater(player, session, zone, changed)
  }

  /** What is different after each return, such as the time that is left, says nothing. */
  *#compareLater(player: GamePlayer, session: Session, zone: LiveZone, changed: readonly Difference[]): Phase {
    const { checks, clock } = this.#parts
    const tap = this.#parts.tap()
    const { handled = 0 } = tap?.answers ?? {}
    const after = this.#seenBy(player)
    clock()?.goOn()
    yield LATER_MS
    if (tap === undefined || !(yield* this.#goOver(player, session, tap))) return
    const isAlone = session.zone === zone && tap.answers.handled === handled + 1
    const moving = new Set(differences(after, this.#seenBy(player), { max: MOVING_MAX }).map(({ path }) => path))
    clock()?.standStill()
    const lasting = changed.filter(({ path }) => !moving.has(path))
    if (!isAlone) return
    checks.check('same-view-after-return', lasting.length === 0, () => {
      const words = { expected: 'before', actual: 'afterwards' }
      const what = inLines(describeDifferences(lasting.slice(0, DIFFERENCES_MAX), words))
      return (
        `${player.name} (session ${session.id}, in zone '${zone.name}') goes over to another connection while nothing happens, ` +
        `and sees something else: either it had missed something, or the answer to its return is not complete:\n${what}`
      )
    })
  }

  #seenBy({ model }: GamePlayer): unknown {
    const { sees } = this.#parts.game
    if (model === undefined) return undefined
    return structuredCopy(sees === undefined ? visible(model.value) : sees(model.value))
  }

  /**
   * Where its author does not say what a client sees, what is empty afterwards may be its own affair, and a number may be a
   * time that has passed.
   */
  #differencesOf(before: unknown, after: unknown): readonly Difference[] {
    const found = differences(before, after, { max: MOVING_MAX })
    if (this.#parts.game.sees !== undefined) return found
    return found.filter(({ expected, actual }) => !isEmpty(actual) && !(isNumber(expected) && isNumber(actual)))
  }

  /** False: it did not come to that. */
  *#goOver(player: GamePlayer, session: Session, tap: GameTap): Generator<number, boolean, void> {
    const { world } = this.#parts
    const before = tap.answers.lastOf(session)?.number ?? 0
    const endMs = world.nowMs + TAKEOVER_MS_MAX
    player.takeOver()
    while (world.nowMs < endMs && !this.#isDisturbed) {
      yield POLL_MS
      const end = tap.linkOf(session)
      const hasReturned = (tap.answers.lastOf(session)?.number ?? 0) > before
      if (hasReturned && end !== undefined && player.isConnected && isDelivered(player.link, end)) return true
    }
    return false
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint'
}
