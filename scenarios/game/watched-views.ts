/** For an account of a run: tells each change of what a client sees, and of what its zone shows to its session. */
import type { LiveZone, Session } from '../../core/index.ts'
import { differences, type Difference } from '../state/differences.ts'
import type { Game } from './define-game.ts'
import type { GamePlayer } from './game-player.ts'
import type { GameTap } from './game-tap.ts'
import { structuredCopy } from './visible.ts'
import type { ZoneViews } from './zone-views.ts'

/** `client` sees something else, or its zone (undefined: it is in none) shows it something else. */
export type ViewNote =
  | { readonly kind: 'sees'; readonly client: string; readonly changes: readonly Difference[] }
  | {
      readonly kind: 'shows'
      readonly client: string
      readonly zone: string | undefined
      readonly changes: readonly Difference[]
    }

/** More changes at once are not told. */
const CHANGES_MAX = 40

export class WatchedViews {
  readonly #game: Game
  readonly #views: ZoneViews
  readonly #players: ReadonlyMap<string, GamePlayer>
  readonly #onNote: (note: ViewNote) => void
  readonly #seen = new Map<string, unknown>()
  readonly #shown = new Map<string, unknown>()

  constructor(
    game: Game,
    views: ZoneViews,
    players: ReadonlyMap<string, GamePlayer>,
    onNote: (note: ViewNote) => void,
  ) {
    this.#game = game
    this.#views = views
    this.#players = players
    this.#onNote = onNote
  }

  /** Something has run in the client's program. */
  clientRan({ name, model }: GamePlayer): void {
    const { sees } = this.#game
    if (sees === undefined || model === undefined) return
    const view = structuredCopy(sees(model.value))
    const changes = differences(this.#seen.get(name), view, { max: CHANGES_MAX })
    this.#seen.set(name, view)
    if (changes.length > 0) this.#onNote({ kind: 'sees', client: name, changes })
  }

  /** A turn of the server is over. */
  serverRan(tap: GameTap, sessions: Iterable<Session>): void {
    const inZone = new Map<number, Session>()
    for (const session of sessions) inZone.set(session.id, session)
    for (const { name, sessionId } of this.#players.values()) {
      const session = sessionId === undefined ? undefined : inZone.get(sessionId)
      const zone = session?.zone as LiveZone | undefined
      const shows = zone === undefined ? undefined : tap.judgeOf(zone)?.shows
      if (zone !== undefined && shows === undefined) continue
      const truth =
        session === undefined || zone === undefined ? undefined : structuredCopy(shows?.(this.#views.of(zone), session))
      const changes = differences(this.#shown.get(name), truth, { max: CHANGES_MAX })
      this.#shown.set(name, truth)
      if (changes.length > 0) this.#onNote({ kind: 'shows', client: name, zone: zone?.name, changes })
    }
  }
}
