/** What a server that has stopped still holds, in words. */
import type { Server } from '../../core/index.ts'

export function describeLeft(server: Server): string | undefined {
  const { sessions, tokens, timers, zones, connections } = server.stats()
  if (sessions + tokens + timers + zones + connections === 0) return undefined
  return `are still ${sessions} sessions, ${tokens} tokens, ${timers} timers, ${zones} zones, ${connections} connections`
}
