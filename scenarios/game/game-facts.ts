/** What has to be known of a game before its runs are drawn: found out by a short run. */
import { OverworldError } from '../../core/index.ts'
import type { Scenario, Timeout, TransportChoice } from '../scenario.ts'
import type { Game } from './define-game.ts'
import { runDrainingWorld } from '../worlds/run-draining-world.ts'
import { GameWorld } from './game-world.ts'

export interface GameFacts {
  /** Where its server listens. */
  readonly transports: readonly TransportChoice[]
  /** How long (ms) its sessions outlive their connections. */
  readonly disconnectTimeoutMs: Timeout
  /** How long (ms) its server waits for a sign of life; 0: for ever. */
  readonly livenessTimeoutMs: number
  /** Its clients use promises: its worlds wait for them. False until `prepareGame` has found it out. */
  readonly usesPromises: boolean
}

const PROBE_MS = 8_000
/** Then all connections break, so that clients come back; */
const RESET_MS = 3_000
/** and then the server loses its memory, so that they begin anew. */
const CRASH_MS = 5_000
const FACTS = new WeakMap<Game, GameFacts>()
const PREPARED = new WeakMap<Game, Promise<GameFacts>>()

/**
 * As `factsOf`, and whether clients use promises: the short run is made once more, waiting after each event, and what comes
 * out differently then hangs on promises. Has to be awaited before `factsOf` knows that, too.
 */
export function prepareGame(game: Game): Promise<GameFacts> {
  let prepared = PREPARED.get(game)
  if (prepared === undefined) PREPARED.set(game, (prepared = prepare(game)))
  return prepared
}

async function prepare(game: Game): Promise<GameFacts> {
  const facts = factsOf(game)
  const [first, second] = [begin(game, false), begin(game, true)]
  try {
    first.world.advance(PROBE_MS)
    await runDrainingWorld(second.world, { untilUs: PROBE_MS * 1000, drainsAlways: true })
  } catch {
    // The runs of a campaign will find it, and tell more of it.
  }
  const found = { ...facts, usesPromises: first.world.fingerprint !== second.world.fingerprint }
  FACTS.set(game, found)
  return found
}

/** Throws `bad_program` where its server does not boot, or listens nowhere. */
export function factsOf(game: Game): GameFacts {
  const known = FACTS.get(game)
  if (known !== undefined) return known
  const found = probe(game)
  FACTS.set(game, found)
  return found
}

function probe(game: Game): GameFacts {
  const scene = begin(game, false)
  const { disconnectTimeout, livenessTimeout } = scene.world.server.options
  try {
    scene.world.advance(PROBE_MS)
  } catch {
    // The runs of a campaign will find it, and tell more of it.
  }
  const transports = scene.tap?.transports ?? []
  if (transports.length === 0) {
    throw new OverworldError('bad_program', 'the program of the game listens nowhere: listen on each of `addresses`')
  }
  return {
    transports,
    disconnectTimeoutMs: disconnectTimeout === Infinity ? 'never' : disconnectTimeout,
    livenessTimeoutMs: livenessTimeout,
    usesPromises: false,
  }
}

/** A client of each kind, which loses its connection once, and its session once. `promises`: the world waits for them. */
function begin(game: Game, promises: boolean): GameWorld {
  const clients = [...game.kinds.keys()].map((app, index) => {
    return { name: `client${index + 1}`, app, transport: 'websocket' as const }
  })
  const scenario: Scenario = {
    version: 1,
    name: 'probe',
    seed: 1,
    durationMs: PROBE_MS,
    server: {},
    clients,
    steps: [],
  }
  try {
    const scene = new GameWorld(scenario, { promises, apps: [], game })
    scene.world.after(RESET_MS, () => {
      for (const { machine } of scene.players.values()) machine.reset()
    })
    scene.world.after(CRASH_MS, () => {
      scene.world.crashServer({ connections: 'reset' })
      scene.restartServer()
    })
    return scene
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    throw new OverworldError('bad_program', `the program of the game does not boot: ${why}`)
  }
}
