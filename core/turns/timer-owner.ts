/** What a timer is for. One object for each owner, not for each timer. */

export type TimerOwner =
  /** Of a session: until it must have been requested, in grace, until its next beacon, until its peer counts as silent. */
  | { readonly name: 'request' | 'grace' | 'beacon' | 'liveness'; readonly session: number }
  | { readonly name: 'tick'; readonly app: string; readonly zone: string }
  /** One that a zone has set: its `number`-th. */
  | { readonly name: 'timer'; readonly app: string; readonly zone: string; readonly number: number }
  /** Until a server that drains stops. */
  | { readonly name: 'drain' }
  /** The server's program has set it on the clock that it was given. */
  | { readonly name: 'program' }

/** Such as "grace of session 7". */
export function describeTimer(owner: TimerOwner): string {
  switch (owner.name) {
    case 'request':
    case 'grace':
    case 'beacon':
    case 'liveness':
      return `${owner.name} of session ${owner.session}`
    case 'tick':
      return `tick of zone '${owner.zone}'`
    case 'timer':
      return `timer ${owner.number} of zone '${owner.zone}'`
    case 'drain':
      return 'drain'
    case 'program':
      return 'timer of the program'
  }
}
