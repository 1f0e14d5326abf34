/**
 * What an outsider can count of what `server.stats()` counts: from the turns of one life of a server, by the names of its
 * counters. Left out is what leaves no trace outside, such as what is ignored.
 */
import type { CounterName, ServerStats } from '../../core/index.ts'

export class Counts {
  connectionsOpenedTotal = 0
  connectionsRefusedTotal = 0
  sessionsStartedTotal = 0
  sessionsResumedTotal = 0
  sessionsTakenOverTotal = 0
  sessionsDisconnectedTotal = 0
  sessionsEndedTotal = 0
  badTokensTotal = 0
  lateRequestsTotal = 0
  denialsTotal = 0
  livenessTimeoutsTotal = 0
  messagesInTotal = 0
  bytesInTotal = 0
  messagesOutTotal = 0
  bytesOutTotal = 0
  rateLimitedTotal = 0
  undecodableTotal = 0
  slowReadersTotal = 0
  throwsTotal = 0
  ticksTotal = 0

  /** The first counter that says something else, in words. */
  findDifference(stats: ServerStats): string | undefined {
    for (const [name, counted] of Object.entries(this) as [CounterName, number][]) {
      if (stats[name] !== counted) return `${name} is ${stats[name]}; right was ${counted}`
    }
    return undefined
  }
}
