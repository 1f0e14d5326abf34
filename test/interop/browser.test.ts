/**
 * A browser that we did not write, with its own WebSocket, clock and storage, runs the page of the chat example
 * through a proxy that breaks its connection.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProgram, type Program } from '../examples/program.ts'
import { Chromium, findChromium, type Page } from './chromium.ts'
import { TcpProxy } from './tcp-proxy.ts'

const executable = findChromium()
if (executable === undefined) console.log('skipped: chromium is not installed')

interface Kept {
  readonly sessionId: number
  readonly token: readonly number[]
}

const LINES = `[...document.querySelectorAll('.said')].map(({ textContent }) => textContent)`
const BACK = 'You are back in the same session. What was said meanwhile is lost.'

describe.skipIf(executable === undefined)('the chat page in a real browser', () => {
  let program: Program
  let proxy: TcpProxy
  let browser: Chromium

  beforeAll(async () => {
    program = await startProgram('examples/browser-chat/main.ts', '0')
    proxy = await TcpProxy.open(Number(new URL(program.address).port))
    browser = new Chromium(executable ?? '')
  })
  afterAll(async () => {
    await browser?.stop()
    proxy?.close()
    await program?.stop()
  })

  test('talks, and resumes its session by itself when the connection breaks', async () => {
    const page = await join('alice')
    await page.type('#text', 'hello')
    await page.until(`${LINES}.includes('alice: hello')`)
    const before = await kept(page)
    proxy.reset()
    await page.until(isShown(BACK))
    const after = await kept(page)
    expect(after.sessionId).toBe(before.sessionId)
    expect(after.token).not.toEqual(before.token)
    await page.type('#text', 'back again')
    await page.until(`${LINES}.includes('alice: back again')`)
    await page.until(isThere('alice'))
    await page.close()
  })

  test('says that the connection is lost when it falls silent, and what was typed meanwhile waits', async () => {
    const page = await join('bob')
    const before = await kept(page)
    proxy.setSilent(true)
    await page.until(isShown('connection lost, trying again'))
    await page.type('#text', 'is anybody there?')
    expect(await page.evaluate(`document.getElementById('text').value`)).toBe('is anybody there?')
    proxy.setSilent(false)
    await page.until(isShown(BACK))
    expect((await kept(page)).sessionId).toBe(before.sessionId)
    await page.type('#text', '')
    await page.until(`${LINES}.includes('bob: is anybody there?')`)
    await page.close()
  })

  test('resumes its session from storage when the page is reloaded', async () => {
    const page = await join('carol')
    const before = await kept(page)
    await page.evaluate(`document.body.className = 'old'`)
    await page.reload()
    await page.until(`document.body.className !== 'old' && ${isShown(BACK)}`)
    expect((await kept(page)).sessionId).toBe(before.sessionId)
    await page.type('#text', 'did I miss anything?')
    await page.until(`${LINES}.includes('carol: did I miss anything?')`)
    await page.until(isThere('carol'))
    await page.close()
  })

  test('goes Back to a page that comes from the back/forward cache or not, and has the same session', async () => {
    const page = await join('dora')
    const before = await kept(page)
    await page.evaluate(`addEventListener('pageshow', ({ persisted }) => (window.wasCached = persisted))`)
    await page.evaluate(`void (location.search = '?name=dora&page=2')`)
    await page.until(`location.search.includes('page=2') && ${isShown(BACK)} && ${isThere('dora')}`)
    const next = await kept(page)
    expect(next.sessionId).toBe(before.sessionId)
    await page.evaluate('history.back()')
    await page.until(
      `!location.search.includes('page=2') && document.getElementById('status').className === 'connected'`,
    )
    await page.until(`JSON.parse(sessionStorage.overworld).token.join() !== '${next.token.join()}'`)
    console.log(`back from the cache: ${await page.evaluate<boolean>('window.wasCached === true')}`)
    expect((await kept(page)).sessionId).toBe(before.sessionId)
    await page.type('#text', 'back in the lobby')
    await page.until(`${LINES}.includes('dora: back in the lobby')`)
    await page.until(isThere('dora'))
    await page.close()
  })

  test('dials as soon as the browser has a network again', async () => {
    const page = await join('emil')
    const before = await kept(page)
    await page.setOffline(true)
    proxy.reset()
    await page.until(isShown('connection lost, trying again'))
    // Long enough that a wait would be seconds long.
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    await page.evaluate(
      `addEventListener('online', () => (window.atOnline = document.getElementById('status').className))`,
    )
    await page.setOffline(false)
    await page.until(`window.atOnline === 'connecting'`)
    await page.until(isThere('emil'))
    expect((await kept(page)).sessionId).toBe(before.sessionId)
    await page.close()
  })

  async function join(name: string): Promise<Page> {
    const page = await browser.open(`http://127.0.0.1:${proxy.port}/?name=${name}`)
    await page.until(isThere(name))
    return page
  }
})

async function kept(page: Page): Promise<Kept> {
  return JSON.parse(await page.evaluate<string>(`sessionStorage.getItem('overworld')`)) as Kept
}

function isShown(text: string): string {
  return `document.body.innerText.includes(${JSON.stringify(text)})`
}

/** Once: who came back as somebody new would be there twice. */
function isThere(name: string): string {
  return `document.getElementById('members').textContent.split(', ').filter((each) => each === '${name}').length === 1`
}
