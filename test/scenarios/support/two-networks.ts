/** One connection, one schedule, two networks: that of messages, and the real libraries on simulated sockets. */
import type { Delivery } from '../../../core/delivery.ts'
import type { Connection, ConnectionHandler } from '../../../core/injected.ts'
import {
  createGround,
  Host,
  MessageNetwork,
  type LinkSettings,
  type Side,
  type StreamSettings,
  type WorldNetwork,
} from '../../../sim/index.ts'
import { Wire } from '../../../scenarios/worlds/wire-world.ts'

export type Scheme = 'ws' | 'enet'

/** `send` and `close` are the programs' own: one that stands still does neither. */
export type Act = { readonly atMs: number } & (
  | { readonly do: 'dial' }
  | { readonly do: 'send'; readonly from: Side; readonly delivery?: Delivery; readonly sizeBytes?: number }
  | { readonly do: 'close'; readonly from: Side; readonly code: number }
  | { readonly do: 'reset'; readonly side: Side }
  | { readonly do: 'half_close'; readonly side: Side }
  | { readonly do: 'half_open' }
  | { readonly do: 'cut'; readonly sender: Side }
  | { readonly do: 'outage'; readonly forMs: number }
  | { readonly do: 'reading'; readonly side: Side; readonly isReading: boolean }
  | { readonly do: 'pause'; readonly side: Side; readonly forMs: number }
  | { readonly do: 'crash'; readonly side: Side; readonly connections: 'silent' | 'reset' }
)

export interface Heard {
  readonly atMs: number
  /** `opened`, `message 3`, `closed 4000`. */
  readonly what: string
}

export type Diary = Record<Side, Heard[]>

export interface Schedule {
  readonly scheme: Scheme
  readonly link: Partial<LinkSettings>
  readonly stream?: Partial<StreamSettings>
  readonly acts: readonly Act[]
  /** How long it goes on after the last act. Default two minutes. */
  readonly restMs?: number
}

interface Stage {
  readonly network: WorldNetwork
  advance(ms: number): Promise<void> | void
}

export async function onMessages(schedule: Schedule): Promise<Diary> {
  const ground = createGround({ seed: 1 })
  const network = new MessageNetwork(ground, { links: schedule.link, stream: schedule.stream ?? {} })
  const { queue } = ground
  return play(schedule, ground, { network, advance: (ms) => queue.runUntil(queue.nowUs + Math.round(ms * 1000)) })
}

export async function onWire(schedule: Schedule): Promise<Diary> {
  const ground = createGround({ seed: 1 })
  const wire = new Wire(ground, { links: schedule.link, stream: schedule.stream ?? {} })
  return play(schedule, ground, { network: wire.network, advance: (ms) => wire.advance(ms) })
}

async function play(
  { scheme, acts, restMs = 120_000 }: Schedule,
  ground: ReturnType<typeof createGround>,
  { network, advance }: Stage,
): Promise<Diary> {
  const address = scheme === 'ws' ? 'ws://server:4433/ws' : 'enet://server:4483'
  const hosts = {
    server: new Host(ground, network, { name: 'server' }),
    client: new Host(ground, network, { name: 'client' }),
  }
  const nowMs = (): number => ground.queue.nowUs / 1000
  const diary: Diary = { client: [], server: [] }
  const ends: Partial<Record<Side, Connection>> = {}
  const handler = (side: Side): ConnectionHandler => {
    const note = (what: string): void => void diary[side].push({ atMs: nowMs(), what })
    return {
      opened: () => note('opened'),
      message: (bytes) => note(`message ${new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)}`),
      closed: (code) => note(`closed ${code}`),
    }
  }
  hosts.server.boot((life) => {
    life.network.listen(address, (connection) => {
      ends.server = connection
      return handler('server')
    })
  })
  hosts.client.boot(() => undefined)
  await advance(10)
  const startMs = nowMs()
  let sent = 0
  for (const act of acts) {
    await advance(startMs + act.atMs - nowMs())
    perform(act)
  }
  await advance(restMs)
  for (const heard of [diary.client, diary.server]) {
    for (const [index, { atMs, what }] of heard.entries()) heard[index] = { atMs: atMs - startMs, what }
  }
  return diary

  function perform(act: Act): void {
    const connections = network.connectionsOf(hosts.client)
    switch (act.do) {
      case 'dial':
        ends.client = hosts.client.network.connect(address, handler('client'))
        return
      case 'send': {
        const bytes = new Uint8Array(act.sizeBytes ?? 8)
        new DataView(bytes.buffer).setUint32(0, ++sent)
        if (hosts[act.from].status === 'running') ends[act.from]?.send(bytes, act.delivery)
        return
      }
      case 'close':
        if (hosts[act.from].status === 'running') ends[act.from]?.close(act.code)
        return
      case 'reset':
        for (const connection of connections) connection.reset(act.side)
        return
      case 'half_close':
        for (const connection of connections) connection.halfClose(act.side)
        return
      case 'half_open':
        for (const connection of connections) connection.halfOpen()
        return
      case 'cut':
        for (const connection of connections) connection.cut(act.sender)
        return
      case 'reading':
        for (const connection of connections) connection.setReading(act.side, act.isReading)
        return
      case 'outage': {
        const outage = network.paths.partition([hosts.client], [hosts.server])
        ground.queue.push(ground.queue.nowUs + act.forMs * 1000, () => outage.heal())
        return
      }
      case 'pause':
        hosts[act.side].pause({ durationMs: act.forMs })
        return
      case 'crash':
        hosts[act.side].crash({ connections: act.connections })
        return
    }
  }
}
