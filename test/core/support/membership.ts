/** Worlds that many tests begin with. */
import { chat } from '../../../scenarios/apps/chat.ts'
import { journalZone, type ChatZone, type Hooks } from './journal-zone.ts'
import { startWorld, type FakeClient, type ServerWorld, type WorldOptions } from './server-world.ts'

export interface ZoneWorld {
  readonly world: ServerWorld
  readonly journal: string[]
  readonly zone: ChatZone
}

export interface Membership extends ZoneWorld {
  readonly member: FakeClient
}

export type ZoneWorldOptions = WorldOptions & { readonly hooks?: Hooks; readonly disconnect?: 'soft' | 'hard' }

/** A world with one zone that keeps a journal. */
export function startZoneWorld({ hooks, disconnect, ...options }: ZoneWorldOptions = {}): ZoneWorld {
  const world = startWorld(options)
  const journal: string[] = []
  const zone = world.server.zones.start(journalZone(journal, hooks, disconnect))
  return { world, journal, zone }
}

/** The same, and session 1 is a member. */
export function startMembership(options?: ZoneWorldOptions): Membership {
  const { world, journal, zone } = startZoneWorld(options)
  return { world, journal, zone, member: enterZone(world) }
}

/** A client with a session in the one zone; what it heard so far is taken in. */
export function enterZone(world: ServerWorld): FakeClient {
  const client = world.enter()
  client.say(chat, 'join', {})
  client.hear()
  return client
}
