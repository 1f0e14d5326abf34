/** A client in a page: it listens to the page while it is connected or means to be, and to nothing afterwards. */
import { expect, test } from 'vitest'
import { createClient } from '../../transports/client.ts'
import type { PageLike } from '../../transports/page-events.ts'
import { Dial, FakeNetwork } from '../core/support/fake-network.ts'
import { VirtualClock } from '../core/support/virtual-clock.ts'

class Target {
  readonly listeners = new Map<string, Set<(event: { readonly persisted?: unknown }) => void>>()

  addEventListener(type: string, listener: (event: { readonly persisted?: unknown }) => void): void {
    const listeners = this.listeners.get(type) ?? new Set()
    this.listeners.set(type, listeners.add(listener))
  }

  removeEventListener(type: string, listener: (event: { readonly persisted?: unknown }) => void): void {
    this.listeners.get(type)?.delete(listener)
  }

  fire(type: string, event: { readonly persisted?: unknown } = {}): void {
    for (const listener of this.listeners.get(type) ?? []) listener(event)
  }

  get count(): number {
    let count = 0
    for (const { size } of this.listeners.values()) count += size
    return count
  }
}

function open() {
  const window = Object.assign(new Target(), { document: Object.assign(new Target(), { visibilityState: 'visible' }) })
  const page: PageLike = window
  const clock = new VirtualClock()
  const network = new FakeNetwork(clock)
  const client = createClient({ address: 'ws://server/ws', clock, network, page })
  client.connect()
  network.last.establish(1, Dial.token(1))
  network.last.take()
  return { client, clock, network, window, document: window.document }
}

test.each([
  ['online', (page: ReturnType<typeof open>) => page.window.fire('online')],
  ['pageshow', (page: ReturnType<typeof open>) => page.window.fire('pageshow', { persisted: true })],
  ['visibilitychange', (page: ReturnType<typeof open>) => page.document.fire('visibilitychange')],
])('%s: a waiting client dials at once, a connected one asks for a sign of life', (_, fire) => {
  const page = open()
  fire(page)
  expect(page.network.last.heard()).toEqual([{ type: 'session_request', message: { schemas: [] } }])
  page.clock.advance(2_000)
  expect(page.client.status.kind).toBe('waiting')
  fire(page)
  expect(page.client.status.kind).toBe('connecting')
  page.client.end()
})

test('offline: a connected client asks, a waiting one does not dial', () => {
  const { client, network, window } = open()
  window.fire('offline')
  expect(network.last.heard()).toHaveLength(1)
  network.last.breakOff()
  window.fire('offline')
  expect(client.status.kind).toBe('waiting')
  client.end()
})

test('a page that is hidden, or was loaded anew, wakes nobody', () => {
  const { client, network, window, document } = open()
  document.visibilityState = 'hidden'
  document.fire('visibilitychange')
  window.fire('pageshow', { persisted: false })
  expect(network.last.heard()).toEqual([])
  client.end()
})

test('the page keeps no listener of a client that has ended or is idle', () => {
  const { client, window, document } = open()
  expect(window.count + document.count).toBe(4)
  client.disconnect()
  expect(window.count + document.count).toBe(0)
  client.connect()
  expect(window.count + document.count).toBe(4)
  client.end()
  expect(window.count + document.count).toBe(0)
})

test.each<[string, () => PageLike]>([
  ['no window', () => ({})],
  ['no document', () => Object.assign(new Target(), { document: undefined })],
  ['a document that is null', () => Object.assign(new Target(), { document: null })],
  ['a document without events', () => Object.assign(new Target(), { document: { visibilityState: 'visible' } })],
  ['a document alone', () => ({ document: new Target() })],
])('where there is %s, a client is the same', (_, makePage) => {
  const page = makePage()
  const clock = new VirtualClock()
  const network = new FakeNetwork(clock)
  const client = createClient({ address: 'ws://server/ws', clock, network, page })
  client.connect()
  network.last.establish(1, Dial.token(1))
  expect(client.status.kind).toBe('connected')
  client.disconnect()
  client.connect()
  client.end()
  const targets = [page, page.document].filter((target) => target instanceof Target)
  expect(targets.filter(({ count }) => count > 0)).toEqual([])
})
