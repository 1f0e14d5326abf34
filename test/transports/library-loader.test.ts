import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Random } from '../../core/injected.ts'
import { loadLibrary, type LibraryWorld } from '../../transports/library-loader.ts'
import { libraryWorld } from '../../transports/library-world.ts'
import { manualClock } from './manual-clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'overworld-library-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function library(files: Readonly<Record<string, string>>, world: Partial<LibraryWorld> = {}): () => unknown {
  for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source)
  return () => loadLibrary(join(folder, Object.keys(files)[0] ?? ''), { globals: {}, modules: {}, ...world })
}

/** 1, 2, 3 … as bytes. */
function counting(): Random {
  let next = 0
  return {
    fill: (bytes) => {
      for (let i = 0; i < bytes.length; i++) bytes[i] = ++next & 0xff
    },
    uint32: () => ++next,
  }
}

describe('a private instance', () => {
  test('shares no module state with another', () => {
    const load = library({ 'state.js': 'let n = 0; exports.next = () => ++n' }) as () => { next(): number }
    const [a, b] = [load(), load()]
    a.next()
    a.next()
    expect(b.next()).toBe(1)
  })

  test('sees the globals and modules it is given, in every file of the library', () => {
    const files = {
      'seen.js': 'module.exports = [answer, require("./inner.cjs"), require("node:crypto"), require("./data.json").a]',
      'inner.cjs': 'module.exports = answer + 1',
      'data.json': '{"a": 5}',
    }
    const load = library(files, { globals: { answer: 42 }, modules: { crypto: 'not crypto' } })
    expect(load()).toEqual([42, 43, 'not crypto', 5])
    expect((globalThis as { answer?: number }).answer).toBeUndefined()
  })

  test('may have files that require each other', () => {
    const files = {
      'a.js': 'exports.early = 1; exports.fromB = require("./b.js").sawEarly',
      'b.js': 'exports.sawEarly = require("./a.js").early',
    }
    expect(library(files)()).toEqual({ early: 1, fromB: 1 })
  })

  test('that is not installed is a library_missing which says what to do', () => {
    expect(() => loadLibrary('no-such-package/index.js', { globals: {}, modules: {} })).toThrow(
      expect.objectContaining({
        code: 'library_missing',
        message: expect.stringContaining('npm install no-such-package') as string,
      }),
    )
  })
})

describe('the world on an injected clock', () => {
  const script = `
    const crypto = require('crypto')
    exports.log = []
    const log = (what) => exports.log.push([what, Date.now(), new Date().getTime()])
    setTimeout(log, 10, 'timeout')
    clearTimeout(setTimeout(log, 5, 'never'))
    let ticks = 0
    const interval = setInterval(() => { log('tick'); if (++ticks === 3) clearInterval(interval) }, 4)
    setImmediate(() => log('immediate'))
    exports.bytes = [...crypto.randomBytes(3), ...crypto.randomFillSync(Buffer.alloc(4), 2)]
    exports.hash = crypto.createHash('sha1').update('x').digest('hex')
    exports.isDate = new Date(5) instanceof Date
    process.on('uncaughtException', () => {})
    console.error('nobody hears this')
  `

  test('gives a library virtual timers, dates and random bytes, and keeps it off the process', async () => {
    const clock = manualClock()
    const listeners = process.listenerCount('uncaughtException')
    const load = library({ 'world.js': script }, libraryWorld({ clock, random: counting(), epochMs: 1000 }))
    const loaded = load() as { log: unknown[]; bytes: number[]; hash: string; isDate: boolean }
    expect(loaded.bytes).toEqual([1, 2, 3, 0, 0, 4, 5])
    expect(loaded.hash).toBe('11f6ad8ec52a2984abaafd7c3b516503785c2072')
    expect(loaded.isDate).toBe(true)
    expect(process.listenerCount('uncaughtException')).toBe(listeners)
    await new Promise((resolve) => setImmediate(resolve))
    for (let ms = 0; ms < 20; ms++) clock.advance(1)
    expect(loaded.log).toEqual([
      ['immediate', 1000, 1000],
      ['tick', 1004, 1004],
      ['tick', 1008, 1008],
      ['timeout', 1010, 1010],
      ['tick', 1012, 1012],
    ])
    expect(clock.pending).toBe(0)
  })

  test('makes private instances of ws, whose masks come from the injected randomness', () => {
    const clock = manualClock()
    const load = (): { Sender: { frame(data: Buffer, options: object): Buffer[] } } =>
      loadLibrary('ws', libraryWorld({ clock, random: counting() })) as ReturnType<typeof load>
    const mask = (): number[] => {
      const options = { fin: true, mask: true, opcode: 2, readOnly: true }
      return [...(load().Sender.frame(Buffer.from('x'), options)[0] ?? Buffer.of()).subarray(2, 6)]
    }
    expect(mask()).toEqual([1, 2, 3, 4])
    expect(mask()).toEqual([1, 2, 3, 4])
  })
})
