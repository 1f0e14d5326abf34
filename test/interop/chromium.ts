/**
 * Drives a headless Chromium by its DevTools protocol, over a pipe to its process: no port is opened for it. Only what
 * the tests ask of a browser: open a page, look into it, type, reload it.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { Readable, Writable } from 'node:stream'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const SWITCHES = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--remote-debugging-pipe',
]
/** A browser on a busy machine takes its time. */
const PATIENCE_MS = 120_000

/** `OVERWORLD_CHROMIUM`, or the first that there is in the path. */
export function findChromium(): string | undefined {
  const { OVERWORLD_CHROMIUM: given, PATH = '' } = process.env
  if (given !== undefined) return given
  const folders = PATH.split(path.delimiter)
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file))
}

interface Answer {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

export class Chromium {
  readonly #child: ChildProcess
  readonly #profile: string
  readonly #commands: Writable
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #lastId = 0
  #heard = ''

  constructor(executable: string) {
    this.#profile = mkdtempSync(path.join(tmpdir(), 'overworld-chromium-'))
    const switches = [...SWITCHES, `--user-data-dir=${this.#profile}`, 'about:blank']
    // A process group of its own, so that all of its processes can be ended at once.
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const
    this.#child = spawn(executable, switches, { stdio: [...stdio], detached: true })
    const [, , , commands, answers] = this.#child.stdio
    this.#commands = commands as Writable
    // A browser that is gone reads nothing; whoever waits for its answer gives up.
    this.#commands.on('error', () => undefined)
    ;(answers as Readable).setEncoding('utf8').on('data', (text: string) => this.#hear(text))
  }

  async open(url: string): Promise<Page> {
    const { targetId } = await this.command<{ targetId: string }>('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await this.command<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    })
    const page = new Page(this, sessionId)
    await page.goTo(url)
    return page
  }

  /** Commands of the protocol have names such as `Page.navigate`. Rejects with what the browser says against it. */
  command<Result>(method: string, params: object, sessionId?: string): Promise<Result> {
    const id = ++this.#lastId
    this.#commands.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error(`${method}: the browser does not answer`)), PATIENCE_MS)
      this.#waiting.set(id, ({ result, error }) => {
        clearTimeout(giveUp)
        if (error === undefined) resolve(result as Result)
        else reject(new Error(`${method}: ${error.message}`))
      })
    })
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit')
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL')
    await exited
    // What its other processes had begun to write may still come.
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }

  #hear(text: string): void {
    const parts = (this.#heard + text).split('\0')
    this.#heard = parts.pop() ?? ''
    for (const part of parts) {
      const answer = JSON.parse(part) as Answer
      if (answer.id === undefined) continue
      this.#waiting.get(answer.id)?.(answer)
      this.#waiting.delete(answer.id)
    }
  }
}

export class Page {
  readonly #browser: Chromium
  readonly #sessionId: string

  constructor(browser: Chromium, sessionId: string) {
    this.#browser = browser
    this.#sessionId = sessionId
  }

  async goTo(url: string): Promise<void> {
    await this.#command('Page.navigate', { url })
  }

  async reload(): Promise<void> {
    await this.#command('Page.reload', {})
  }

  /** As a browser without a network: its dials fail, and the page hears `offline` and `online`. */
  async setOffline(offline: boolean): Promise<void> {
    await this.#command('Network.enable', {})
    const conditions = { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
    await this.#command('Network.emulateNetworkConditions', conditions)
  }

  /** The value of a JavaScript expression in the page; plain data. Rejects with what it throws. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await this.#command<{
      result: { value: Value }
      exceptionDetails?: { exception?: { description?: string }; text: string }
    }>('Runtime.evaluate', { expression, returnByValue: true })
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    }
    return result.value
  }

  /** Resolves once the expression is true; while the page is being loaded, it may throw. */
  async until(expression: string): Promise<void> {
    const giveUpAtMs = performance.now() + PATIENCE_MS
    while ((await this.evaluate<boolean>(expression).catch(() => false)) !== true) {
      if (performance.now() > giveUpAtMs) {
        const text = await this.evaluate<string>('document.body.innerText')
        throw new Error(`never true in the page: ${expression}\nIt shows:\n${text}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** As a user types it into an element, and presses Enter. */
  async type(selector: string, text: string): Promise<void> {
    await this.evaluate(`document.querySelector(${JSON.stringify(selector)}).focus()`)
    await this.#command('Input.insertText', { text })
    const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' }
    await this.#command('Input.dispatchKeyEvent', { type: 'keyDown', ...enter })
    await this.#command('Input.dispatchKeyEvent', { type: 'keyUp', ...enter })
  }

  async close(): Promise<void> {
    await this.#command('Page.close', {})
  }

  #command<Result>(method: string, params: object): Promise<Result> {
    return this.#browser.command<Result>(method, params, this.#sessionId)
  }
}
