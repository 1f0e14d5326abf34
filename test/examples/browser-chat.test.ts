/**
 * The chat page: its bundle runs here in a context that has what the page uses of a browser, and nothing of Node, with
 * the WebSocket of the package `ws`. How a browser draws it is not tested.
 */
import vm from 'node:vm'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startProgram, type Program } from './program.ts'
import { until } from '../transports/real-time.ts'

let program: Program
let script: string

beforeAll(async () => {
  program = await startProgram('examples/browser-chat/main.ts', '0')
  script = await (await fetch(`${program.address}/page.js`)).text()
})
afterAll(() => program.stop())

test('the page names its script and the elements that it uses', async () => {
  const page = await (await fetch(program.address)).text()
  expect(page).toContain('src="page.js"')
  const ids = ['status', 'members', 'messages', 'form', 'text']
  expect(ids.filter((id) => !page.includes(`id="${id}"`))).toEqual([])
})

test('two tabs see each other and talk; a reload keeps the session and the place in the chat', async () => {
  const alice = new Tab('alice')
  const bob = new Tab('bob')
  await until(() => alice.text('members') === 'alice, bob' && bob.text('members') === 'alice, bob')
  bob.say('hello')
  await until(() => alice.lines.length === 1)
  expect(alice.lines).toEqual(['bob: hello'])
  expect(bob.element('text').value).toBe('')

  bob.leave()
  const reloaded = new Tab('bob', bob.storage)
  await until(() => reloaded.text('members') === 'alice, bob')
  reloaded.say('back')
  await until(() => alice.lines.length === 2)
  expect(alice.lines).toEqual(['bob: hello', 'bob: back'])
  expect(alice.text('members')).toBe('alice, bob')
  for (const tab of [alice, reloaded]) tab.leave()
})

interface Element {
  textContent: string
  className: string
  value: string
  readonly children: Element[]
  readonly listeners: Map<string, (event: { preventDefault(): void }) => void>
  append(child: Element): void
  addEventListener(name: string, listener: (event: { preventDefault(): void }) => void): void
}

function createElement(): Element {
  const children: Element[] = []
  const listeners: Element['listeners'] = new Map()
  return {
    textContent: '',
    className: '',
    value: '',
    children,
    listeners,
    append: (child) => void children.push(child),
    addEventListener: (name, listener) => void listeners.set(name, listener),
  }
}

/** A tab of a browser, as far as the page needs one. */
class Tab {
  readonly storage: Map<string, string>
  readonly #elements = new Map<string, Element>()
  readonly #sockets: WebSocket[] = []

  constructor(name: string, storage = new Map<string, string>()) {
    this.storage = storage
    const sockets = this.#sockets
    const { host, protocol } = new URL(program.address)
    const context = vm.createContext({
      URLSearchParams,
      TextEncoder,
      TextDecoder,
      crypto,
      performance,
      setTimeout,
      clearTimeout,
      console,
      // What `ws` hands over belongs to this realm: `instanceof` must mean the same on both sides.
      ArrayBuffer,
      Uint8Array,
      location: { host, protocol, search: `?name=${name}` },
      sessionStorage: {
        getItem: (key: string) => storage.get(key) ?? null,
        setItem: (key: string, value: string) => void storage.set(key, value),
      },
      document: { getElementById: (id: string) => this.element(id), createElement },
      WebSocket: class extends WebSocket {
        constructor(address: string) {
          super(address)
          sockets.push(this)
        }
      },
    })
    vm.runInContext(script, context)
  }

  element(id: string): Element {
    const element = this.#elements.get(id) ?? createElement()
    this.#elements.set(id, element)
    return element
  }

  text(id: string): string {
    return this.element(id).textContent
  }

  get lines(): readonly string[] {
    return this.element('messages')
      .children.filter(({ className }) => className === 'said')
      .map(({ textContent }) => textContent)
  }

  say(text: string): void {
    this.element('text').value = text
    this.element('form').listeners.get('submit')?.({ preventDefault: () => {} })
  }

  /** The page is gone, and its socket with it: no word to the server, and none back to the page. */
  leave(): void {
    for (const socket of this.#sockets) {
      socket.onclose = null
      socket.terminate()
    }
  }
}
