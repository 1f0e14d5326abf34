/**
 * A small game: members move on a square and fire at who is near. Inputs are unsequenced, each tick broadcasts a
 * snapshot (unreliable: only the newest matters), and what must not be missed is a reliable, numbered event.
 * A hard zone: who loses the connection is out of the game at once.
 */
import { defineApp, type Action, type App, type Session, type ZoneDefinition, type ZoneView } from '../../core/index.ts'
import { arena_app } from './generated/arena.js'

type ArenaSchema = typeof arena_app.arena

export const arena: App<ArenaSchema> = defineApp({
  name: 'arena',
  prefix: 1,
  schema: arena_app.arena,
  messages: {
    input: { delivery: 'unsequenced', channel: 1 },
    snapshot: { delivery: 'unreliable', channel: 1 },
    event: { delivery: 'reliable', channel: 0 },
  },
})

export interface Fighter {
  x: number
  y: number
  /** The highest input applied so far; inputs may arrive out of order, and each moves by what it says. */
  lastSeq: number
}

export interface ArenaState {
  readonly fighters: Map<Session, Fighter>
  /** Numbers events without gaps, so that a client sees whether it missed one. */
  eventCount: number
}

/** The square reaches from -ARENA_HALF to ARENA_HALF on both axes. */
const ARENA_HALF = 100
/** The furthest that one input moves, on each axis. */
const STEP_MAX = 5
/** A shot hits the nearest other fighter within this distance. */
const SHOT_RANGE = 40

const Kind = arena_app.event.Kind
type EventMessage = { readonly kind: number; readonly subject?: number; readonly object?: number }

export const arenaZone: ZoneDefinition<ArenaSchema, ArenaState> = defineArenaZone()

/** @param tickMs Milliseconds between snapshots; default 100. */
export function defineArenaZone(tickMs = 100): ZoneDefinition<ArenaSchema, ArenaState> {
  return arena.defineZone({
    disconnect: 'hard',
    tickMs,
    init: (): ArenaState => ({ fighters: new Map(), eventCount: 0 }),
    handleJoin(_message, session, zone, state) {
      state.fighters.set(session, { x: spawnCoordinate(zone.random), y: spawnCoordinate(zone.random), lastSeq: 0 })
      return announce(state, { kind: Kind.spawned, subject: session.id })
    },
    handlePart(_message, session, _zone, state) {
      state.fighters.delete(session)
      return announce(state, { kind: Kind.left, subject: session.id })
    },
    handleTick(zone, state) {
      if (state.fighters.size === 0) return
      const entities = []
      // With `id` first they would share their layout with whatever else begins with an id, and be slow to encode.
      for (const [{ id }, { x, y, lastSeq }] of state.fighters) entities.push({ x, y, last_seq: lastSeq, id })
      return arena.broadcast('snapshot', { frame: zone.frame, entities })
    },
    rpc: {
      input(message, session, zone, state) {
        const fighter = state.fighters.get(session)
        if (fighter === undefined) return
        fighter.x = move(fighter.x, message.dx ?? 0)
        fighter.y = move(fighter.y, message.dy ?? 0)
        fighter.lastSeq = Math.max(fighter.lastSeq, message.seq)
        if (message.fire !== true) return
        const target = nearest(state.fighters, session, fighter)
        if (target === undefined) return
        return hit(state, session, target, zone)
      },
    },
  })
}

/** Who is hit starts anew somewhere else. */
function hit(state: ArenaState, shooter: Session, target: Session, { random }: ZoneView): Action[] {
  const fighter = state.fighters.get(target)
  if (fighter !== undefined) {
    fighter.x = spawnCoordinate(random)
    fighter.y = spawnCoordinate(random)
  }
  return [
    announce(state, { kind: Kind.hit, subject: shooter.id, object: target.id }),
    announce(state, { kind: Kind.spawned, subject: target.id }),
  ]
}

function announce(state: ArenaState, event: EventMessage): Action {
  return arena.broadcast('event', { number: ++state.eventCount, ...event })
}

function spawnCoordinate(random: { uint32(): number }): number {
  return (random.uint32() % (2 * ARENA_HALF + 1)) - ARENA_HALF
}

function move(from: number, by: number): number {
  const step = Math.max(-STEP_MAX, Math.min(STEP_MAX, by))
  return Math.max(-ARENA_HALF, Math.min(ARENA_HALF, from + step))
}

function nearest(fighters: ReadonlyMap<Session, Fighter>, shooter: Session, from: Fighter): Session | undefined {
  let best: Session | undefined
  let bestDistance = SHOT_RANGE * SHOT_RANGE
  for (const [session, { x, y }] of fighters) {
    const distance = (x - from.x) ** 2 + (y - from.y) ** 2
    if (session === shooter || distance > bestDistance) continue
    best = session
    bestDistance = distance
  }
  return best
}
