/**
 * What a client's program keeps beyond its life. Several programs may use one store (tabs of one browser): each is
 * told a moment later when another one has saved something, as the `storage` event does.
 */
import type { Stored, TokenStore } from '../../core/index.ts'

/** How long (ms) the news takes to the other programs. */
const NEWS_MS = 2

export interface OpenStore extends TokenStore {
  /** It watches no more. */
  programDied(): void
}

export class KeptStore {
  /** Programs of several clients use it: what one of them loses the others have. */
  isShared = false
  stored: Stored | undefined
  /** The tokens that were stored, the present one last. */
  readonly tokens: Uint8Array[] = []
  /** The number of the last request that was answered with a session. */
  attemptAccepted = 0
  readonly #after: (ms: number, run: () => void) => void
  readonly #watchers = new Set<() => void>()

  constructor(after: (ms: number, run: () => void) => void, stored: Stored | undefined) {
    this.#after = after
    this.stored = stored
  }

  /** For one program. `execute`: runs something on its machine. */
  open(execute: (run: () => void) => void): OpenStore {
    let ownWatcher: (() => void) | undefined
    return {
      programDied: () => {
        if (ownWatcher !== undefined) this.#watchers.delete(ownWatcher)
      },
      load: () => this.stored,
      save: (stored) => {
        this.stored = stored
        if (stored.session !== undefined && this.tokens.at(-1) !== stored.session.token) {
          this.tokens.push(stored.session.token)
          this.attemptAccepted = stored.attempt
        }
        for (const watcher of this.#watchers) if (watcher !== ownWatcher) this.#after(NEWS_MS, watcher)
      },
      watch: (onChange) => {
        const watcher = (): void => execute(() => this.#watchers.has(watcher) && onChange())
        ownWatcher = watcher
        this.#watchers.add(watcher)
        return () => this.#watchers.delete(watcher)
      },
    }
  }
}
