/**
 * A `TokenStore` on the platform's `sessionStorage` or `localStorage`, so that a page that is loaded again resumes
 * its session. Leaves out encryption: whoever reads the page's storage can take its session over.
 */
import type { Stored, TokenStore } from '../core/client/token-store.ts'

/** What is used of the platform's `Storage`. */
export interface StorageLike {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/**
 * `storage`: `sessionStorage` gives each tab a session of its own, `localStorage` lets the last tab take over from
 * the others. What cannot be read, or not be written (storage is full, or forbidden), is as if it were not there.
 */
export function storageStore(storage: StorageLike, key = 'overworld'): TokenStore {
  let latest: Stored | undefined
  return {
    load: () => (latest ??= read(storage, key)),
    save(stored) {
      latest = stored
      try {
        storage.setItem(key, write(stored))
      } catch {
        // This page goes on with what it has; only a reload will not find it.
      }
    },
  }
}

function write({ session, attempt }: Stored): string {
  if (session === undefined) return JSON.stringify({ attempt })
  return JSON.stringify({ attempt, sessionId: session.sessionId, token: Array.from(session.token) })
}

function read(storage: StorageLike, key: string): Stored | undefined {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key) ?? 'null')
    return isKept(kept) ? stored(kept) : undefined
  } catch {
    return undefined
  }
}

interface Kept {
  readonly attempt: number
  readonly sessionId?: number
  readonly token?: readonly number[]
}

function stored({ attempt, sessionId, token }: Kept): Stored {
  if (sessionId === undefined || token === undefined) return { session: undefined, attempt }
  return { session: { sessionId, token: Uint8Array.from(token) }, attempt }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { attempt, sessionId, token } = value as Record<string, unknown>
  const hasSession =
    Number.isSafeInteger(sessionId) && Array.isArray(token) && token.every((byte) => Number.isInteger(byte))
  return Number.isSafeInteger(attempt) && (hasSession || (sessionId === undefined && token === undefined))
}
