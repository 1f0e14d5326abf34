/** What the recorded server was like, as far as a scenario has words for it. */
import type { BootData, Entry } from '../../recording/index.ts'
import type { ServerSetup, Timeout } from '../scenario.ts'

export interface ReadServer {
  readonly server: ServerSetup
  /** What it had been told that a scenario has no words for. */
  readonly unknown: readonly string[]
}

/** The same entries. `onBoot` hears what the program was told when it booted. */
export function* noticeBoot(entries: Iterable<Entry>, onBoot: (told: BootData) => void): Generator<Entry, void> {
  for (const entry of entries) {
    if (entry.kind === 'boot') onBoot(entry)
    yield entry
  }
}

/** `options`: those of `createServer`, as JSON has them. */
export function readOptions(options: { readonly [name: string]: unknown } = {}): ReadServer {
  const { disconnectTimeout, livenessTimeout, beaconIntervalMs, limits, ...others } = options
  const { sessions, connections, preconnectsPerAddress, messagesPerSecond, bytesPerSecond, ...otherLimits } = isObject(
    limits,
  )
    ? limits
    : {}
  const server: ServerSetup = {
    ...(isTimeout(disconnectTimeout) && { disconnectTimeoutMs: toTimeout(disconnectTimeout) }),
    ...(typeof livenessTimeout === 'number' && { livenessTimeoutMs: livenessTimeout }),
    ...(typeof beaconIntervalMs === 'number' && { beaconIntervalMs }),
    ...(typeof sessions === 'number' && { sessionsMax: sessions }),
    ...(typeof connections === 'number' && { connectionsMax: connections }),
    ...(typeof preconnectsPerAddress === 'number' && { preconnectsPerAddressMax: preconnectsPerAddress }),
    ...(typeof messagesPerSecond === 'number' && { messagesPerSecondMax: messagesPerSecond }),
    ...(typeof bytesPerSecond === 'number' && { bytesPerSecondMax: bytesPerSecond }),
  }
  const unknown = [...Object.keys(others), ...Object.keys(otherLimits).map((name) => `limits.${name}`)]
  return { server, unknown: unknown.map((name) => `the server's option ${name}`) }
}

/** The server's options in the `configuration` of a recording's header. Who records their own server may write there what they like. */
export function serverOptionsOf(json: string): { readonly [name: string]: unknown } {
  try {
    const { server } = JSON.parse(json) as { readonly server?: unknown }
    return isObject(server) ? server : {}
  } catch {
    return {}
  }
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null
}

function isTimeout(value: unknown): value is Timeout {
  return value === 'never' || typeof value === 'number'
}

export function toTimeout(timeout: Timeout): Timeout {
  return timeout === Infinity ? 'never' : timeout
}
