/**
 * A view of a state that cannot change it, for judges. Everything read from a view is a view too, and equal reads give the
 * same view (`view.a === view.a`). Keys and elements to search for may be given as views or as they are. Each attempt to
 * change something throws `read_only`, which names the place, such as `state.hands.get('alice')[3]`.
 *
 * Passed on as they are: primitive values; objects of the core, such as sessions (with their `gameData`) and zones; classes;
 * and plain objects and arrays that are frozen all the way down, so they can be compared with constants of a module. Any other
 * object is not identical with its view: compare views with views. The `buffer` of a typed array is a copy.
 *
 * Views are proxies: `structuredClone`, `TextDecoder` and the like refuse them (give them `Uint8Array.from(view)` or
 * `{ ...view }`), Maps and WeakMaps of a module do not find them, and a static method cannot read the private `#fields` of a
 * view that it is given (a method that is called on a view can read those of both).
 *
 * Not prevented: methods of a class run on the object itself, or its private `#fields` could not be read; so do functions
 * that the state holds. What a method changes in its own object is not noticed here. Campaigns find that: some runs are
 * repeated without judges.
 */
import { Membrane } from './membrane.ts'
import { rawOf } from './view-handler.ts'

/**
 * A view of `value`; primitive values are returned as they are. Views of one call are cached for as long as their objects
 * exist: keep the view of a state instead of making it again.
 *
 * @param name What `value` is called in errors. Default `'state'`.
 */
export function readOnly<T>(value: T, name = 'state'): T {
  const raw = rawOf(value)
  return (typeof raw === 'object' && raw !== null ? new Membrane(raw, name).root : raw) as T
}
