/** What the adapters of programs hold. */
import type { HostLife } from '../../sim/index.ts'

export interface Holder {
  readonly life: HostLife
  /** How many of each kind. */
  held(): Readonly<Record<string, number>>
}

/** What programs that are alive still hold, on all machines but these, in words. For when everybody has gone. */
export function describeHeld(holders: readonly Holder[], except: ReadonlySet<string>): string | undefined {
  for (const { life, held } of holders) {
    if (!life.isAlive || except.has(life.host.name)) continue
    for (const [what, count] of Object.entries(held())) {
      if (count !== 0) return `still ${count} ${what} on ${life.host.name}`
    }
  }
  return undefined
}
