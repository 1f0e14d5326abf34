/**
 * What follows the fault phase of every run: the network is well again and everybody must get back; all leave, and
 * nothing may remain; the server stops. Each yields how many ms are to pass.
 */
import type { Session } from '../../core/index.ts'
import { describeLeft } from './describe-left.ts'
import type { FaultSteps } from './fault-steps.ts'
import type { Phase, RunWorld } from './run-world.ts'

/** The healed network. */
const HEALED_LINK = Object.freeze({ delayMs: 20 })
const HEALED_RETRANSMIT_MS = 1_000
/** Client liveness + largest backoff + connect timeout + the longest delay, ten times (design section 10). */
const CLIENT_RETURN_MS = 5_000 + 10_000 + 5_000 + 10 * 20
/** Closing takes a second at most, or until a dial of 5 s is given up; a TCP connection whose peer is gone, longer. */
const NETWORK_RELEASE_MS = 10_000
/** Whoever leaves over the healed network has left by then. */
const GOODBYE_MS_MAX = 2_000
/** How often it is asked whether everybody is back, or gone. */
const POLL_MS = 100

export function* heal(scene: RunWorld, steps: FaultSteps): Phase {
  const { world } = scene
  scene.tellPhase('healed')
  steps.healAll()
  for (const player of scene.players.values()) player.machine.endEpisodes()
  world.network.paths.resetAll(HEALED_LINK)
  world.network.configure({
    stream: { retransmitTimeoutMsMax: HEALED_RETRANSMIT_MS },
    enet: { retransmitTimeoutMsMax: HEALED_RETRANSMIT_MS },
  })
  if (scene.isServerPaused) scene.disturbed()
  world.serverHost.resume()
  scene.draining.cutShort()
  scene.restartServer()
  for (const player of scene.players.values()) {
    player.machine.host.resume()
    player.machine.setReading(true)
    player.restart()
    player.beLively()
  }
  const boundMs = CLIENT_RETURN_MS + scene.livenessTimeoutMs
  const endMs = world.nowMs + boundMs
  let disagreement = scene.findDisagreement()
  while (disagreement !== undefined && world.nowMs < endMs) {
    yield POLL_MS
    disagreement = scene.findDisagreement()
  }
  scene.checks.check(
    'healed',
    disagreement === undefined,
    () => `${disagreement}, ${boundMs} ms after the network healed`,
  )
  yield* scene.whenHealed()
}

export function* leave(scene: RunWorld): Phase {
  const { world, scenario } = scene
  scene.tellPhase('leaving')
  scene.goals.stop()
  let number = 0
  for (const player of scene.players.values()) {
    if (number++ % 2 === 0) player.end()
    else player.disconnect()
    player.seeStrangersOff()
  }
  yield POLL_MS
  for (const npc of scene.npcs) npc.do('stop')
  let longestMs = 0
  for (const session of scene.clientSessions()) {
    if (session.status === 'preconnect') continue
    if (session.disconnectTimeout === Infinity) stopSession(scene, session)
    else longestMs = Math.max(longestMs, session.disconnectTimeout)
  }
  // What was held up before the network healed may still arrive, and is a sign of life when it does.
  const heldUpMs = Math.max(0, ...scenario.steps.map((step) => (step.do === 'clog' ? step.forMs : 0)))
  const goneMs = world.nowMs + GOODBYE_MS_MAX
  const { requestTimeout } = world.server.options
  const endMs = world.nowMs + longestMs + Math.max(scene.livenessTimeoutMs, requestTimeout) + heldUpMs + 3_000
  while (findRemaining(scene) !== undefined && world.nowMs < endMs) {
    yield POLL_MS
    const isGone = world.nowMs >= goneMs
    const isSilenceIgnored = scene.livenessTimeoutMs === 0 && isGone
    for (const session of scene.clientSessions()) {
      // A request that was held up on its way has made one more.
      const waitsForEver = session.status === 'disconnected' && session.disconnectTimeout === Infinity
      // Nobody notices that its connection is dead, or it has a receiver of the game's own.
      const isForgotten = session.status === 'connected' && (isSilenceIgnored || (isGone && scene.isInHand(session.id)))
      if (waitsForEver || isForgotten) stopSession(scene, session)
    }
  }
  const left = findRemaining(scene)
  scene.checks.check('nothing-remains', left === undefined, () => `everybody has gone, and there ${left}`)
  yield* scene.whenGone()
}

/** One that would wait for its client for ever. */
function stopSession(scene: RunWorld, session: Session): void {
  scene.call({ kind: 'stop_session', session: session.id }, () => session.stop())
}

/** `remaining`: what the network still holds on all machines but these, in words. */
export function* stop(
  scene: RunWorld,
  remaining: ((except: ReadonlySet<string>) => string | undefined) | undefined,
): Phase {
  const { world, checks } = scene
  scene.tellPhase('stopped')
  const { server } = world
  let isDone = false
  scene.call({ kind: 'stop_server' }, () => server.stop(() => (isDone = true)))
  yield 2_000
  scene.checkCounters()
  yield* scene.whenStopped()
  const left = isDone ? describeLeft(server) : 'are still connections that do not close'
  checks.check('nothing-remains', left === undefined, () => `the server has stopped, and there ${left}`)
  if (remaining === undefined) return
  // A stranger's connection that went silent is nobody's to close.
  const strange = new Set(scene.scenario.steps.flatMap((step) => (step.do === 'misbehave' ? [step.client] : [])))
  const endMs = world.nowMs + NETWORK_RELEASE_MS
  while (remaining(strange) !== undefined && world.nowMs < endMs) yield POLL_MS
  const held = remaining(strange)
  checks.check('nothing-remains', held === undefined, () => `everybody has gone, and there are ${held}`)
}

function findRemaining(scene: RunWorld): string | undefined {
  const { world, openConnections, program } = scene
  // The cheapest questions first: they are asked every tenth of a second.
  for (const session of scene.clientSessions()) return `is still session ${session.id}`
  if (openConnections > 0) return `are still ${openConnections} connections`
  const { tokens, connections, zoneMembers: members } = world.server.stats()
  const zoneMembers = program === undefined ? members : 0
  if (tokens + zoneMembers + connections === 0) return undefined
  return `are still ${tokens} tokens, ${zoneMembers} zone members, ${connections} connections`
}
