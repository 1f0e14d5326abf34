/**
 * What every benchmark is: a name and a way to measure, which gives figures. A figure that has something to be compared
 * with carries a ratio to it, measured in the same run: on a busy machine only ratios mean anything.
 */
import process from 'node:process'

export interface Benchmark {
  readonly name: string
  /** What is measured, in a few words. */
  readonly about: string
  run(): Promise<readonly Figure[]> | readonly Figure[]
}

export interface Figure {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** What is wanted of it. */
  readonly goal?: number | undefined
  readonly ratio?: Ratio | undefined
}

export interface Ratio {
  readonly value: number
  readonly to: string
  readonly goal?: number | undefined
}

/** How long (ms) something took: by the clock on the wall, and in processor time of this whole process. */
export interface Cost {
  readonly wallMs: number
  readonly cpuMs: number
}

export async function costOf(run: () => void | Promise<void>): Promise<Cost> {
  const started = performance.now()
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return { wallMs: performance.now() - started, cpuMs: (user + system) / 1000 }
}

export function best(values: readonly number[]): number {
  return Math.max(...values)
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
