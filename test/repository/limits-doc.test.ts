/** docs/limits.md has every limit that can be set, with its default. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DEFAULT_LIMITS, readServerOptions } from '../../core/options.ts'

const text = readFileSync('docs/limits.md', 'utf8')
const rows = text.split('\n').filter((line) => line.startsWith('| `'))
/** Options that concern neither work nor memory nor time that a peer takes. */
const NO_LIMITS = new Set(
  (
    'clock onError nextConnectionId random loadLibrary stack library server onRequest allowedOrigins trustedProxies ' +
    'tls caFile origin stats prefix kinds help hasMetrics isHealthy'
  ).split(' '),
)

/** The names of the options in the interfaces of a source file whose names match. */
function optionNames(file: string, interfaces: RegExp): string[] {
  const names: string[] = []
  for (const [, name = '', body = ''] of readFileSync(file, 'utf8').matchAll(
    /^export interface (\w+)[^{]*\{\n([^]*?)^\}/gm,
  )) {
    if (interfaces.test(name))
      names.push(...[...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, each = '']) => each))
  }
  return names
}

function rowOf(name: string): string {
  return rows.find((row) => row.split('|')[1]?.includes(`\`${name}\``)) ?? ''
}

test('the limits of a server, with their defaults', () => {
  const defaults = new Map(Object.entries(DEFAULT_LIMITS as unknown as Record<string, number>))
  expect(defaults.size).toBeGreaterThan(8)
  for (const [name, value] of defaults) {
    const kib = value % 1024 === 0 ? `${value / 1024} KiB` : ''
    const mib = value % 2 ** 20 === 0 ? `${value / 2 ** 20} MiB` : ''
    const words = [value.toLocaleString('en-US'), kib, mib, name === 'sessionsPerAddress' ? 'half of `sessions`' : '']
    const cell = rowOf(name).split('|')[2] ?? ''
    expect(
      words.filter((each) => each !== '' && cell.includes(each)),
      `${name}: ${cell}`,
    ).not.toEqual([])
  }
  const options = readServerOptions({})
  for (const name of ['requestTimeout', 'livenessTimeout', 'disconnectTimeout'] as const) {
    expect(rowOf(name).split('|')[2]).toContain(` ${options[name] / 1000} s `)
  }
})

test.each([
  ['transports/enet-options.ts', 6],
  ['transports/websocket-options.ts', 5],
  ['transports/options.ts', 1],
  ['transports/http-endpoints.ts', 1],
] as const)('the options of %s', (file, least) => {
  const names = optionNames(file, /Options$/).filter((name) => !NO_LIMITS.has(name))
  expect(names.length).toBeGreaterThanOrEqual(least)
  expect(names.filter((name) => rowOf(name) === '')).toEqual([])
})

test('each has what happens at the limit', () => {
  const tables = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| limit '))
  const cells = tables.map((row) => row.split('|').map((cell) => cell.trim()))
  expect(cells.filter(([, limit, byDefault, atLimit]) => limit === '' || byDefault === '' || atLimit === '')).toEqual(
    [],
  )
})
