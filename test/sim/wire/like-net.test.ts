/**
 * What a program on the simulated TCP sees is what one on Node's `net` sees: each script runs on both, and what either
 * side's socket emitted and called back, in order, is the same. Nothing here depends on how fast the machine is.
 */
import { expect, test } from 'vitest'
import { realGround, simulatedGround, type AnySocket, type NetGround } from './like-net.ts'

/** More than fits into the buffers of both systems and of the socket. */
const HUGE = Buffer.alloc(20_000_000)

class Play {
  readonly log: string[] = []
  readonly #ground: NetGround

  constructor(ground: NetGround) {
    this.#ground = ground
  }

  dial(options: Parameters<NetGround['dial']>[0] = {}): AnySocket {
    const near = this.#ground.dial(options)
    this.#note('near', near)
    return near
  }

  async accepted(): Promise<AnySocket> {
    await this.until(() => this.#ground.accepted() !== undefined)
    const far = this.#ground.accepted()
    if (far === undefined) throw new Error('nothing was accepted')
    this.#note('far', far)
    return far
  }

  async open(options: { readonly allowHalfOpen?: boolean } = {}): Promise<{ near: AnySocket; far: AnySocket }> {
    const near = this.dial(options)
    await this.until(() => !near.connecting)
    return { near, far: await this.accepted() }
  }

  until(condition: () => boolean): Promise<void> {
    return this.#ground.until(condition)
  }

  async closed(...who: ('near' | 'far')[]): Promise<void> {
    await this.until(() => who.every((each) => this.log.some((line) => line.startsWith(`${each} close`))))
  }

  /** A callback that tells when it was called, and with what. */
  callback(name: string): (error?: Error | null) => void {
    return (error) => this.log.push(`${name} called back ${error ? codeOf(error) : 'without an error'}`)
  }

  /** Of a write that is cut off: what it is told is another thing in Node 20 than in Node 22. */
  cutOff(name: string): () => void {
    return () => this.log.push(`${name} called back`)
  }

  look(who: 'near' | 'far', socket: AnySocket): void {
    const { connecting, pending, destroyed, readyState, bytesRead, bytesWritten, timeout } = socket
    const hasPeer = socket.remoteAddress !== undefined && socket.remotePort !== undefined
    const seen = { connecting, pending, destroyed, readyState, bytesRead, bytesWritten, timeout, hasPeer }
    this.log.push(`${who} is ${JSON.stringify(seen)}`)
  }

  #note(who: string, socket: AnySocket): void {
    const write = (what: string): void => void this.log.push(`${who} ${what}`)
    let bytes = 0
    socket.on('data', (chunk) => (bytes += chunk.length))
    socket.on('end', () => write(`end after ${bytes} bytes`))
    socket.on('error', (error) => write(`error ${describe(error)}`))
    socket.on('close', (hadError) => write(`close ${hadError}`))
    socket.on('connect', () => write('connect'))
    socket.on('ready', () => write('ready'))
    socket.on('finish', () => write('finish'))
    socket.on('drain', () => write('drain'))
    socket.on('timeout', () => write('timeout'))
  }
}

const SCRIPTS: Readonly<Record<string, (play: Play) => Promise<void>>> = {
  'an end that is answered': async (play) => {
    const { near, far } = await play.open()
    far.on('end', () => far.end('x'))
    near.end('bye', play.callback('end'))
    await play.closed('near', 'far')
  },
  'a peer that goes on writing after the end': async (play) => {
    const { near, far } = await play.open({ allowHalfOpen: true })
    near.end()
    await play.until(() => play.log.includes('far end after 0 bytes'))
    far.write('hello', play.callback('write'))
    far.end()
    await play.closed('near', 'far')
    play.look('near', near)
    play.look('far', far)
  },
  'both end at once': async (play) => {
    const { near, far } = await play.open({ allowHalfOpen: true })
    near.end('a')
    far.end('b')
    await play.closed('near', 'far')
  },
  'a socket that may not stay half open ends by itself': async (play) => {
    const { near, far } = await play.open()
    near.on('end', () => near.write('late', play.callback('write')))
    far.end('bye')
    await play.closed('near', 'far')
  },
  'an end that nobody reads yet': async (play) => {
    const { near, far } = await play.open()
    near.pause()
    far.end('some')
    await play.until(() => near.bytesRead === 4)
    play.look('near', near)
    near.resume()
    await play.closed('near', 'far')
  },
  'a peer that was destroyed is noticed by writing, not before': async (play) => {
    const { near, far } = await play.open()
    near.destroy()
    await play.until(() => play.log.includes('far end after 0 bytes'))
    await play.until(() => {
      if (!far.destroyed) far.write('anybody?')
      return far.destroyed
    })
    await play.closed('near', 'far')
  },
  'destroyed with something unread': async (play) => {
    const { near, far } = await play.open()
    near.pause()
    far.write(HUGE, play.cutOff('first write'))
    far.write('more', play.cutOff('second write'))
    await play.until(() => near.bytesRead > 0)
    // What follows stays with the system.
    let looks = 0
    await play.until(() => ++looks > 100)
    near.destroy()
    await play.closed('near', 'far')
  },
  'destroyed while writes wait': async (play) => {
    const { near, far } = await play.open()
    far.pause()
    near.write(HUGE, play.cutOff('first write'))
    near.write('x', play.cutOff('second write'))
    await play.until(() => far.bytesRead > 0)
    near.destroy()
    near.write('y', play.callback('late write'))
    await play.closed('near')
  },
  'reset by the peer while writes wait': async (play) => {
    const { near, far } = await play.open()
    far.pause()
    near.write(HUGE, play.cutOff('first write'))
    near.write('x', play.cutOff('second write'))
    await play.until(() => far.bytesRead > 0)
    far.resetAndDestroy()
    await play.closed('near', 'far')
  },
  'destroyed with an error': async (play) => {
    const { near, far } = await play.open()
    far.on('end', () => far.end())
    near.destroy(Object.assign(new Error('boom'), { code: 'BOOM' }))
    near.destroy(new Error('again'))
    await play.closed('near', 'far')
    play.look('near', near)
    near.write('x', play.callback('write'))
    await play.until(() => play.log.some((line) => line.startsWith('write called back')))
  },
  'reset and destroyed': async (play) => {
    const { near } = await play.open()
    near.resetAndDestroy()
    await play.closed('near', 'far')
  },
  'reset and destroyed while connecting: first it connects': async (play) => {
    const near = play.dial()
    near.resetAndDestroy()
    await play.closed('near')
  },
  'destroyed soon: once everything is written': async (play) => {
    const { near, far } = await play.open()
    far.on('end', () => far.end())
    near.write(Buffer.alloc(50_000))
    near.destroySoon()
    await play.closed('near', 'far')
  },
  'written after the end': async (play) => {
    const { near, far } = await play.open()
    far.on('end', () => far.end())
    near.end('bye')
    near.write('x', play.callback('write'))
    await play.closed('near', 'far')
  },
  'refused, with writes that waited': async (play) => {
    const near = play.dial({ port: 'closed' })
    play.log.push(`may go on: ${near.write('early', play.callback('first write'))}`)
    near.write('earlier', play.callback('second write'))
    play.look('near', near)
    await play.closed('near')
  },
  'refused, with an end that waited': async (play) => {
    const near = play.dial({ port: 'closed' })
    near.end('early', play.callback('end'))
    await play.closed('near')
  },
  'written before it is connected': async (play) => {
    const near = play.dial()
    near.write('early', play.callback('first write'))
    near.write('12', play.callback('second write'))
    play.look('near', near)
    const far = await play.accepted()
    far.on('end', () => far.end())
    await play.until(() => far.bytesRead === 7)
    play.look('near', near)
    near.end()
    await play.closed('near', 'far')
    play.look('near', near)
  },
  'ended before it is connected': async (play) => {
    const near = play.dial()
    near.end('early', play.callback('end'))
    const far = await play.accepted()
    far.on('end', () => far.end())
    await play.closed('near', 'far')
  },
  'destroyed while connecting': async (play) => {
    const near = play.dial()
    near.write('x', play.callback('write'))
    near.destroy()
    await play.closed('near')
  },
  'as much as a socket takes before it asks for patience': async (play) => {
    const { near, far } = await play.open()
    far.on('end', () => far.end())
    play.log.push(`may go on: ${near.write(Buffer.alloc(16_383))}`)
    await play.until(() => far.bytesRead === 16_383)
    play.log.push(`may go on: ${near.write(Buffer.alloc(16_384), play.callback('write'))}`)
    await play.until(() => far.bytesRead === 32_767)
    near.end()
    await play.closed('near', 'far')
  },
  'idle, again after it has spoken, and again after it has heard': async (play) => {
    const { near, far } = await play.open()
    far.on('end', () => far.end())
    const timeouts = (): number => play.log.filter((line) => line === 'near timeout').length
    near.setTimeout(20, () => play.log.push('called back'))
    await play.until(() => timeouts() === 1)
    near.write('x')
    await play.until(() => timeouts() === 2)
    far.write('y')
    await play.until(() => timeouts() === 3)
    near.setTimeout(0)
    play.look('near', near)
    near.end()
    await play.closed('near', 'far')
  },
  'timeouts that are none': async (play) => {
    const { near, far } = await play.open()
    for (const timeoutMs of [-1, NaN, Infinity]) {
      expect(() => near.setTimeout(timeoutMs)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
    }
    near.destroy()
    far.destroy()
    await play.closed('near', 'far')
  },
  'what can be chained': async (play) => {
    const { near, far } = await play.open()
    const same = [near.setNoDelay(), near.setKeepAlive(true, 1000), near.ref(), near.unref(), near.setTimeout(0)]
    expect(same.every((each) => each === near)).toBe(true)
    near.destroy()
    far.destroy()
    await play.closed('near', 'far')
  },
}

test.each(Object.entries(SCRIPTS))('%s', async (_, script) => {
  const simulated = await perform(script, simulatedGround())
  const real = await perform(script, await realGround())
  expect(simulated).toEqual(real)
  expect(real.near.length).toBeGreaterThan(0)
})

interface Seen {
  readonly near: readonly string[]
  readonly far: readonly string[]
}

async function perform(script: (play: Play) => Promise<void>, ground: NetGround): Promise<Seen> {
  const play = new Play(ground)
  try {
    await script(play)
  } finally {
    await ground.close()
  }
  const isFar = (line: string): boolean => line.startsWith('far ')
  return { near: play.log.filter((line) => !isFar(line)), far: play.log.filter(isFar) }
}

function codeOf(error: Error): string {
  return (error as { readonly code?: string }).code ?? error.message
}

function describe(error: Error): string {
  const { syscall, address, port } = error as { syscall?: string; address?: string; port?: number }
  const where = address === undefined ? '' : ` ${address}:${port}`
  return `${codeOf(error)} ${syscall ?? ''} "${error.message.replace(where, '')}"${where === '' ? '' : ' with its address'}`
}
