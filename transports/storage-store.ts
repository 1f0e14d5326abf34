/**
 * A `TokenStore` on the platform's `sessionStorage` or `localStorage`, so that a page that is loaded again resumes
 * its session. The storage is read before each use, because other pages and tabs write to it.
 *
 * Leaves out encryption: whoever reads the page's storage can take its session over.
 */
import type { Stored, TokenStore } from '../core/client/token-store.ts'
import { OverworldError } from '../core/errors.ts'

/** What is used of the platform's `Storage`. */
export interface StorageLike {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/**
 * A storage, the name of one of the platform's, or a function that returns one. Prefer the name: where storage is
 * forbidden (sandboxed frames, blocked cookies), the expression `sessionStorage` itself throws, which the store then
 * handles.
 */
export type StorageSource = StorageLike | 'sessionStorage' | 'localStorage' | (() => StorageLike | null | undefined)

/**
 * `'sessionStorage'` gives each tab a session of its own. With `'localStorage'` all tabs have one session: the last
 * one takes it over, and the others end with 4501. Two games on one origin need different keys.
 *
 * Where the storage is missing, forbidden, full or holds nothing readable, the store keeps what this page has saved in
 * memory; only a reload then starts anew. Throws `bad_option` for a source of another kind.
 *
 * @param key Default `overworld`.
 */
export function storageStore(source: StorageSource, key = 'overworld'): TokenStore {
  checkSource(source)
  let latest: Stored | undefined
  /** What the storage held when it did not keep `latest`: until that changes, `latest` is newer. */
  let stale: { readonly text: string | null } | undefined

  function read(): string | null {
    try {
      return find(source)?.getItem(key) ?? null
    } catch {
      return null
    }
  }

  function write(text: string): void {
    try {
      find(source)?.setItem(key, text)
    } catch {
      // It is full, or forbidden; the caller reads whether it was kept.
    }
  }

  return {
    load() {
      const text = read()
      if (text === null || text === stale?.text) return latest
      return parse(text) ?? latest
    },
    save(stored) {
      latest = stored
      const text = serialize(stored)
      write(text)
      const kept = read()
      stale = kept === text ? undefined : { text: kept }
    },
    watch: (onChange) => onStorageEvents(source, key, onChange),
  }
}

/** What is used of a window. */
interface EventPlatform {
  addEventListener(type: 'storage', listener: (event: object) => void): void
  removeEventListener(type: 'storage', listener: (event: object) => void): void
}

/** The platform tells other pages of the same origin, not the page that writes. Elsewhere there are no such events. */
function onStorageEvents(source: StorageSource, key: string, onChange: () => void): () => void {
  const platform = globalThis as Partial<EventPlatform>
  const listener = (event: object): void => {
    const { key: changed, storageArea } = event as { readonly key?: string | null; readonly storageArea?: unknown }
    // `null`: everything was removed.
    if (changed !== key && changed !== null) return
    if (storageArea === undefined || storageArea === null || storageArea === findSafely(source)) onChange()
  }
  platform.addEventListener?.('storage', listener)
  return () => platform.removeEventListener?.('storage', listener)
}

function find(source: StorageSource): StorageLike | null | undefined {
  if (typeof source === 'function') return source()
  if (typeof source !== 'string') return source
  return (globalThis as { readonly [name in typeof source]?: StorageLike })[source]
}

function findSafely(source: StorageSource): StorageLike | null | undefined {
  try {
    return find(source)
  } catch {
    return undefined
  }
}

function checkSource(source: unknown): void {
  if (source === 'sessionStorage' || source === 'localStorage' || typeof source === 'function') return
  if (typeof source === 'object' && source !== null && 'getItem' in source && 'setItem' in source) return
  throw new OverworldError(
    'bad_option',
    `storageStore takes 'sessionStorage', 'localStorage', a Storage, or a function that returns one, not ${String(source)}`,
  )
}

interface Kept {
  readonly attempt: number
  readonly sessionId?: number
  readonly token?: readonly number[]
  /** The attempt that was answered with this token. */
  readonly answered?: number
}

function serialize({ session, attempt }: Stored): string {
  const kept: Kept =
    session === undefined
      ? { attempt }
      : {
          attempt,
          sessionId: session.sessionId,
          token: Array.from(session.token),
          ...(session.attempt !== undefined && { answered: session.attempt }),
        }
  return JSON.stringify(kept)
}

function parse(text: string): Stored | undefined {
  try {
    const kept: unknown = JSON.parse(text)
    return isKept(kept) ? stored(kept) : undefined
  } catch {
    return undefined
  }
}

function stored({ attempt, sessionId, token, answered }: Kept): Stored {
  if (sessionId === undefined || token === undefined) return { session: undefined, attempt }
  return {
    session: { sessionId, token: Uint8Array.from(token), ...(answered !== undefined && { attempt: answered }) },
    attempt,
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { attempt, sessionId, token, answered } = value as Record<string, unknown>
  const hasSession =
    Number.isSafeInteger(sessionId) && Array.isArray(token) && token.every((byte) => Number.isInteger(byte))
  const isWhole = hasSession || (sessionId === undefined && token === undefined)
  return Number.isSafeInteger(attempt) && isWhole && (answered === undefined || Number.isSafeInteger(answered))
}
