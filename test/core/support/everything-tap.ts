/** A tap, of a server or of a client, that writes down all that it is told. */
import type { Moment } from '../../../core/index.ts'

export interface Told {
  readonly event: string
  readonly args: readonly unknown[]
  readonly number: number
  readonly cause: number
}

export function everything<T extends object>(told: Told[]): T {
  let moment: Moment = { number: 0, cause: 0 }
  return new Proxy({} as T, {
    get: (_target, event) => {
      if (event === 'attached') return (given: Moment) => (moment = given)
      return (...args: unknown[]) => {
        told.push({ event: String(event), args, number: moment.number, cause: moment.cause })
      }
    },
  })
}
