/**
 * Wakes a client when its page knows more than the client: the network is back (`online`), the page is visible again
 * (`visibilitychange`), or comes back from the back/forward cache (`pageshow` with `persisted`). At `offline` a
 * connected client asks for a sign of life, so that a dead connection is noticed within 2 s.
 *
 * Leaves out `navigator.onLine`, which is true behind a dead router, and false on machines that reach their server.
 */
import type { Client } from '../core/client/client.ts'

interface EventSource {
  addEventListener(type: string, listener: (event: { readonly persisted?: unknown }) => void): void
  removeEventListener(type: string, listener: (event: { readonly persisted?: unknown }) => void): void
}

/** What is used of a window; elsewhere it is missing, or a part of it: a document may have no events, too. */
export interface PageLike extends Partial<EventSource> {
  readonly document?: (Partial<EventSource> & { readonly visibilityState?: string }) | null | undefined
}

/** The page is listened to while the client is connected or means to be; not while it is idle or has ended. */
export function followPage(client: Client, page: PageLike): void {
  const { document } = page
  const wake = (): void => client.wake()
  const shown = (): void => {
    if (document?.visibilityState === 'visible') client.wake()
  }
  const restored = ({ persisted }: { readonly persisted?: unknown }): void => {
    if (persisted === true) client.wake()
  }
  const offline = (): void => {
    if (client.status.kind === 'connected') client.wake()
  }
  let isFollowing = false
  client.on('status', ({ kind }) => {
    const isWanted = kind !== 'idle' && kind !== 'ended'
    if (isWanted === isFollowing) return
    isFollowing = isWanted
    const change = isWanted ? 'addEventListener' : 'removeEventListener'
    page[change]?.('online', wake)
    page[change]?.('offline', offline)
    page[change]?.('pageshow', restored)
    document?.[change]?.('visibilitychange', shown)
  })
}
