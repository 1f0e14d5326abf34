/** Reads the values of options. Each throws what the argument parser turns into a usage error. */
import { InvalidArgumentError } from 'commander'

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** `500ms`, `60s`, `1.5m`, `2h`, `0`, in milliseconds. */
export function parseDuration(text: string): number {
  if (text === '0') return 0
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  const perUnit = MS_PER_UNIT[unit]
  if (perUnit === undefined) throw new InvalidArgumentError('Write a duration such as 500ms, 60s, 5m or 1h.')
  return Number(digits) * perUnit
}

/** The same, or `never`. */
export function parseTimeout(text: string): number {
  return text === 'never' ? Infinity : parseDuration(text)
}

/** `5%` or `0.05`. */
export function parseProbability(text: string): number {
  const [, digits = '', percent] = /^(\d+(?:\.\d+)?)(%)?$/.exec(text) ?? []
  const probability = Number(digits) / (percent === undefined ? 1 : 100)
  if (digits !== '' && probability <= 1) return probability
  throw new InvalidArgumentError('Write a share such as 5% or 0.05.')
}

/** `3s@12s`: nothing passes for three seconds, twelve seconds after the beginning. */
export function parseOutage(text: string, earlier: readonly ParsedOutage[] | undefined): readonly ParsedOutage[] {
  const [duration = '', at, ...rest] = text.split('@')
  if (at === undefined || rest.length > 0) throw new InvalidArgumentError('Write an outage such as 3s@12s.')
  return [...(earlier ?? []), { forMs: parseDuration(duration), atMs: parseDuration(at) }]
}

interface ParsedOutage {
  readonly atMs: number
  readonly forMs: number
}

export function parseSeed(text: string): number {
  const seed = Number(text)
  if (/^\d+$/.test(text) && seed <= 0xffff_ffff) return seed
  throw new InvalidArgumentError('A seed is a whole number from 0 to 4294967295.')
}

/** The number of a run in its campaign, from 0. */
export function parseRun(text: string): number {
  const run = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(run)) return run
  throw new InvalidArgumentError('The runs of a campaign are numbered 0, 1, 2, …')
}

export function parseCount(text: string): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && Number.isSafeInteger(count)) return count
  throw new InvalidArgumentError('Write a whole number of 1 or more.')
}

/** `1`, `0.5`, `20`; `max`: as fast as can be. */
export function parseSpeed(text: string): number {
  if (text === 'max') return Infinity
  const speed = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && speed > 0) return speed
  throw new InvalidArgumentError('Write a number above 0, such as 10 for ten times as fast, or max.')
}

/** `2/8`: the second of eight parts. */
export function parseShard(text: string): { readonly index: number; readonly of: number } {
  const [, part = '', of = ''] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  if (Number(part) >= 1 && Number(part) <= Number(of)) return { index: Number(part) - 1, of: Number(of) }
  throw new InvalidArgumentError('Write a part such as 2/8: the second of eight.')
}

export function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535; 0 lets the system choose.')
}

/** `4433`, `4433,8080`: at least one, each from 1 to 65535. */
export function parsePorts(text: string): readonly number[] {
  const ports = text.split(',').map(parsePort)
  if (ports.every((port) => port > 0)) return ports
  throw new InvalidArgumentError('A port is a whole number from 1 to 65535.')
}

/** For options that may be given several times. */
export function appendTo(text: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), text]
}
