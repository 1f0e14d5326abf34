/** Whether a zone's state still knows a session, for the rule `forgets-the-gone`. */
import type { Session } from '../../core/session/views.ts'
import type { Place } from './place.ts'
import { findReachable, type Reached, type WalkOptions } from './walk.ts'

/**
 * The nearest place in `state` with the session itself, or with a key that is equal to its id: the key of a Map, the member
 * of a Set, or the name of a property, as a number or as a string. Ids in other places, such as elements of an array, are not
 * sought: a score or a coordinate may happen to be equal.
 */
export function findSession(
  state: unknown,
  session: Pick<Session, 'id'>,
  options: WalkOptions & { readonly root?: string } = {},
): Reached {
  const name = String(session.id)
  const isId = (key: unknown): boolean => key === session.id || key === name || key === BigInt(session.id)
  const isSought = (value: unknown, { kind, key }: Place): boolean => {
    if (value === session) return true
    return kind !== 'value' && kind !== 'result' && isId(key)
  }
  return findReachable(state, isSought, options)
}
