/**
 * What follows the fault phase of every run: the network is well again and everybody must get back; all leave, and
 * nothing may remain; the server stops. Each yields how many ms are to pass.
 */
import { CloseCode, type Session } from '../../core/index.ts'
import { describeLeft } from './describe-left.ts'
import type { StepPerformer } from './perform-step.ts'
import { SERVER_ADDRESSES } from '../../sim/index.ts'
import { throwing } from './simulated-npc.ts'
import type { ScenarioWorld } from './scenario-world.ts'

export type Phase = Generator<number, void, void>

/** The healed network. */
const HEALED_LINK = Object.freeze({ delayMs: 20 })
const HEALED_RETRANSMIT_MS = 1_000
/** Client liveness + largest backoff + connect timeout + the longest delay, ten times (design section 10). */
const CLIENT_RETURN_MS = 5_000 + 10_000 + 5_000 + 10 * 20
/** Closing takes a second at most, or until a dial of 5 s is given up; a TCP connection whose peer is gone, longer. */
const NETWORK_RELEASE_MS = 10_000
/** Whoever leaves over the healed network has left by then. */
const GOODBYE_MS_MAX = 2_000
/** In every so many runs a server that has stopped is tried. */
const STOPPED_EVERY = 8
/** Over the healed network a connection is open by then. */
const DIAL_MS_MAX = 200
/** How often it is asked whether everybody is back, or gone. */
const POLL_MS = 100

export function* heal(scene: ScenarioWorld, steps: StepPerformer): Phase {
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
  let disagreement = findDisagreement(scene)
  while (disagreement !== undefined && world.nowMs < endMs) {
    yield POLL_MS
    disagreement = findDisagreement(scene)
  }
  scene.checks.check(
    'healed',
    disagreement === undefined,
    () => `${disagreement}, ${boundMs} ms after the network healed`,
  )
}

export function* leave(scene: ScenarioWorld): Phase {
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
}

/** One that would wait for its client for ever. */
function stopSession(scene: ScenarioWorld, session: Session): void {
  scene.call({ kind: 'stop_session', session: session.id }, () => session.stop())
}

/** `remaining`: what the network still holds on all machines but these, in words. */
export function* stop(
  scene: ScenarioWorld,
  remaining: ((except: ReadonlySet<string>) => string | undefined) | undefined,
): Phase {
  const { world, checks } = scene
  scene.tellPhase('stopped')
  const { server } = world
  let isDone = false
  scene.call({ kind: 'stop_server' }, () => server.stop(() => (isDone = true)))
  yield 2_000
  scene.checkCounters()
  // It takes a while, and what it finds it finds soon.
  if (scene.scenario.seed % STOPPED_EVERY === 0) yield* checkStopped(scene)
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

/** A server that has stopped takes neither sessions nor zones nor connections. */
function* checkStopped(scene: ScenarioWorld): Phase {
  const { world, checks, players } = scene
  const { sessions, zones } = world.server
  const starts: readonly (readonly [string, () => void])[] = [
    ['a session', () => sessions.start({ proxy: { deliver: () => {}, closed: () => {} } })],
    ...[...players.values()].slice(0, 1).map(({ app }): [string, () => void] => {
      return ['a zone', () => zones.start(scene.zoneOf(app.app.name) as never, { name: 'too late' })]
    }),
  ]
  for (const [what, start] of starts) {
    const call: { error: string | undefined } = { error: undefined }
    throwing(call, start)
    checks.check('caller-told', call.error === 'server_stopped', () => {
      return `a server that has stopped was to start ${what}, and ${call.error === undefined ? 'did' : `threw ${call.error}`}`
    })
  }
  const stranger = [...players.values()].find(({ machine }) => machine.isUp)
  let isOpen = false
  stranger?.machine.host.network.connect(SERVER_ADDRESSES[stranger.machine.transport], {
    opened: () => (isOpen = true),
    message: () => {},
    closed: () => (isOpen = false),
  })
  yield DIAL_MS_MAX
  checks.check('stop-is-final', !isOpen, () => 'a server that has stopped has taken another connection')
}

/** What client and server do not agree on, in words. */
function findDisagreement(scene: ScenarioWorld): string | undefined {
  const { players, world } = scene
  const connected = new Map<unknown, string>()
  for (const player of players.values()) {
    if (player.hasEnded) continue
    const { client, name, sessionId } = player
    if (client?.status.kind === 'waiting' && client.status.code === CloseCode.full && isFull(scene)) continue
    if (client?.status.kind !== 'connected') return `${name} is ${client?.status.kind ?? 'dead'}`
    const other = connected.get(player.store)
    if (other !== undefined) return `${name} and ${other} have one store, and both are connected`
    connected.set(player.store, name)
    const session = sessionId === undefined ? undefined : world.server.sessions.get(sessionId)
    if (session?.status !== 'connected') {
      return `${name} believes that it has session ${sessionId}, which is ${session?.status ?? 'gone'}`
    }
    // Which zone takes or keeps whom only the program knows.
    if (scene.program !== undefined) continue
    const zone = session.zone?.app.name
    const wanted = player.wantsZone ? player.app.app.name : undefined
    // A zone that has stopped itself, and nobody has started another: there is nothing to be in.
    const isWantedInVain = wanted !== undefined && !world.server.zones.list().some(({ app }) => app.name === wanted)
    if (zone === undefined && isWantedInVain) continue
    // Wherever the game's own code has put it, or whom it plays for.
    if (scene.isInHand(session.id) || player.playsForAnother || player.managesItself) continue
    // Where the zone has refused or removed it, nobody knows but the zone; who says nothing is not told that it is out.
    if (zone === undefined && (scene.isRefused(session.id) || scene.isUnaware(session.id))) continue
    // Someone else with the same session may have joined or left, and a script does not react to that.
    if (player.isScripted && player.observer.isShared) continue
    if (zone !== wanted) return `${name} should be in ${wanted ?? 'no zone'}; the server has it in ${zone ?? 'none'}`
    if (player.isInZone !== (zone !== undefined)) return `${name} is in ${zone ?? 'no zone'}, and believes otherwise`
  }
  return undefined
}

/** Who finds no place waits for one, and that is right. */
function isFull({ world: { server }, openConnections }: ScenarioWorld): boolean {
  const { limits } = server.options
  if (openConnections >= limits.connections) return true
  let sessions = 0
  for (const { status } of server.sessions) if (status !== 'preconnect') sessions++
  return sessions >= limits.sessions
}

function findRemaining(scene: ScenarioWorld): string | undefined {
  const { world, openConnections, program } = scene
  // The cheapest questions first: they are asked every tenth of a second.
  for (const session of scene.clientSessions()) return `is still session ${session.id}`
  if (openConnections > 0) return `are still ${openConnections} connections`
  const { tokens, connections, zoneMembers: members } = world.server.stats()
  const zoneMembers = program === undefined ? members : 0
  if (tokens + zoneMembers + connections === 0) return undefined
  return `are still ${tokens} tokens, ${zoneMembers} zone members, ${connections} connections`
}
