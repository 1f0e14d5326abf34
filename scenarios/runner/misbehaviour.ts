/** What our client would never send: over the client's own connection, or over one of a stranger on its machine. */
import { CloseCode, DEFAULT_LIMITS, protocol } from '../../core/index.ts'
import { SERVER_ADDRESSES } from '../../sim/index.ts'
import type { Misbehaviour } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import type { SimulatedPlayer } from './simulated-player.ts'
import { asStranger, guess, malformed, misbehaveAsStranger, request } from './strangers.ts'

const HOARDED = 4
/** Two more than are remembered. */
const OLD_BEACONS = 27
const FLOOD_MESSAGES = 100
const SKIPPED = 150
/** `session_ping {id: 2^53}` */
const HUGE_PING = Uint8Array.of(0x00, 0x64, 0x22, 0x09, 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10)

/** Whose game it is. */
export interface Surroundings {
  readonly apps: readonly SimulatedApp[]
  /** Tells one stranger from the next. */
  readonly number: number
}

export function misbehave(how: Misbehaviour, player: SimulatedPlayer, { apps, number }: Surroundings): void {
  const { app } = player.app
  const { joinMessage } = player
  const nobodys = Uint8Array.of(...prefixOfNobody(apps), 0x0a, 0x00)
  switch (how) {
    case 'request_again':
      player.sendRaw(request({}))
      return
    case 'request_with_empty_token':
      player.sendRaw(request({ reconnect_token: new Uint8Array(0) }))
      return
    case 'request_behind_ping':
      player.sendRaw(Uint8Array.of(...protocol.codec.encode('session_ping', { id: 1 }), ...request({}).subarray(2)))
      return
    case 'request_with_old_attempt':
      player.sendRaw(request({ attempt: 1 }))
      return
    case 'request_with_token':
      player.sendRaw(request({ reconnect_token: guess(number) }))
      return
    case 'ping_unknown':
      player.sendRaw(protocol.codec.encode('session_ping', { id: 1_000_000 + number }))
      return
    case 'ping_old':
      // On a young connection these are beacons of the one before it.
      for (let back = 1; back <= OLD_BEACONS; back++) {
        const id = player.observer.lastBeacon - back
        if (id > 0) player.sendRaw(protocol.codec.encode('session_ping', { id }))
      }
      return
    case 'join_twice':
      if (joinMessage === undefined) return
      // Without a session that it knows it has the name of an earlier life, under which its bot would not go on.
      if (player.client?.status.kind !== 'connected') return
      // Where it had parted, it is in the zone again.
      player.hasJoinedOddly()
      player.sendRaw(app.codec.encode('join', joinMessage))
      return
    case 'join_two_zones':
      joinTwoZones(player, apps, number)
      return
    case 'part_elsewhere':
      partElsewhere(player, apps)
      return
    case 'part_twice':
      player.hasPartedOddly()
      player.sendRaw(app.codec.encode('part', player.partMessage))
      player.sendRaw(app.codec.encode('part', player.partMessage))
      return
    case 'unknown_prefix':
      player.sendRaw(nobodys)
      return
    case 'empty_message':
      player.sendRaw(Uint8Array.of(app.prefix >> 8, app.prefix & 0xff))
      return
    case 'server_only_message':
      player.sendRaw(protocol.codec.encode('session_pong', { latency: 1 }))
      return
    case 'repeat_server':
      repeatServer(player)
      return
    case 'largest_message':
      player.sendRaw(padded(nobodys, DEFAULT_LIMITS.messageBytes))
      return
    case 'malformed':
      player.sendRaw(malformed(app.prefix))
      return
    case 'malformed_protocol':
      player.sendRaw(malformed(protocol.prefix))
      return
    case 'short_message':
      player.sendRaw(Uint8Array.of(0))
      return
    case 'huge_number':
      player.sendRaw(HUGE_PING)
      return
    case 'oversized':
      player.sendRaw(padded(nobodys, DEFAULT_LIMITS.messageBytes + 1))
      return
    case 'flood':
      for (let count = 0; count < FLOOD_MESSAGES; count++) player.sendRaw(nobodys)
      return
    case 'old_token':
      player.observer.isShared = true
      asStranger(player, () => {
        const token = player.oldToken
        return token === undefined ? [] : [request({ reconnect_token: token })]
      })
      return
    case 'old_token_and_gone':
      player.observer.isShared = true
      asGuest(player, player.client?.status.kind === 'connected' ? player.oldToken : player.stored?.session?.token)
      return
    case 'hoard_sessions':
      player.observer.isShared = true
      for (let count = 0; count < HOARDED; count++) hoardOne(player)
      return
    case 'skip_request_often':
      if (joinMessage === undefined) return
      for (const stranger of player.strangers) {
        for (let count = 0; count < SKIPPED; count++) stranger.send(app.codec.encode('join', joinMessage))
      }
      return
    case 'end_without_session':
      for (const stranger of player.strangers) stranger.close(CloseCode.ended)
      return
    case 'skip_request':
      if (joinMessage !== undefined) asStranger(player, () => [app.codec.encode('join', joinMessage)])
      return
    default:
      misbehaveAsStranger(how, { host: player, app, number })
  }
}

/** The two bytes of a prefix that no app of the run has. */
function prefixOfNobody(apps: readonly SimulatedApp[]): readonly [number, number] {
  let prefix = 0xfffe
  while (apps.some(({ app }) => app.prefix === prefix)) prefix--
  return [prefix >> 8, prefix & 0xff]
}

/** What a bot of another app would leave with; where there is no other one, nothing happens. */
function partElsewhere(player: SimulatedPlayer, apps: readonly SimulatedApp[]): void {
  const other = apps.find((each) => each.app.name !== player.app.app.name)
  if (other === undefined) return
  player.sendRaw(other.app.codec.encode('part', other.bot.part?.(player.role) ?? {}))
}

function padded(message: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  bytes.set(message)
  return bytes
}

/** What clients say too would be heard by the others as said by this one. */
function repeatServer(player: SimulatedPlayer): void {
  const { app } = player.app
  const bytes = player.observer.lastAppMessage
  const decoded = bytes === undefined ? undefined : app.codec.decode(bytes)
  if (bytes === undefined || typeof decoded !== 'object' || app.handled.has(decoded.type)) return
  player.sendRaw(bytes)
}

/**
 * A stranger with a session of its own, which it ends at once. It joins with what a bot joins with, under a name that
 * nobody else has.
 */
function joinTwoZones(player: SimulatedPlayer, apps: readonly SimulatedApp[], number: number): void {
  const { machine } = player
  const other = apps.find((each) => each.app.name !== player.app.app.name) ?? player.app
  if (player.app.isBotless === true) return
  const name = `stranger${number}`
  const joins = [player.app, other].map(({ app, bot }) => app.codec.encode('join', bot.join(name, 0)))
  machine.host.execute(() => {
    if (!machine.isUp) return
    let isDone = false
    const connection = machine.host.network.connect(SERVER_ADDRESSES[machine.transport], {
      opened: () => connection.send(request({})),
      message: () => {
        if (isDone) return
        isDone = true
        for (const join of joins) connection.send(join)
        connection.close(CloseCode.ended)
      },
      closed: () => {},
    })
  })
}

/** A session of its own, whose connection is closed as soon as it is there. */
function hoardOne({ machine }: SimulatedPlayer): void {
  machine.host.execute(() => {
    if (!machine.isUp) return
    const connection = machine.host.network.connect(SERVER_ADDRESSES[machine.transport], {
      opened: () => connection.send(request({})),
      message: () => connection.close(CloseCode.normal),
      closed: () => {},
    })
  })
}

/** Comes with a token and the highest attempt number that there is, and goes as soon as it is in. */
function asGuest({ machine }: SimulatedPlayer, token: Uint8Array | undefined): void {
  if (token === undefined) return
  machine.host.execute(() => {
    if (!machine.isUp) return
    const connection = machine.host.network.connect(SERVER_ADDRESSES[machine.transport], {
      opened: () => connection.send(request({ reconnect_token: token, attempt: Number.MAX_SAFE_INTEGER })),
      message: () => connection.close(CloseCode.normal),
      closed: () => {},
    })
  })
}
