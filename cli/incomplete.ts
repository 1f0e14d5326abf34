/** What a recording shows not to be in it: beginnings and ends of connections, and what an import has missed. */
import type { Entry } from '../recording/index.ts'
import { formatCount, formatNumber } from './numbers.ts'

export class Incomplete {
  readonly #open = new Set<number>()
  /** Those that were there before the first that was accepted: connections are numbered as they come. */
  readonly #before = new Set<number>()
  #firstAccepted = Infinity
  #missing = 0

  see(entry: Entry): void {
    if (!('connection' in entry)) return
    const { connection, kind } = entry
    if (kind === 'accepted') {
      this.#firstAccepted = Math.min(this.#firstAccepted, connection)
      this.#open.add(connection)
    } else if (connection < this.#firstAccepted && !this.#before.has(connection)) {
      this.#before.add(connection)
      this.#open.add(connection)
    }
    if (kind === 'missing') this.#missing++
    if (kind === 'closed') this.#open.delete(connection)
  }

  /** Undefined: nothing shows that it is not whole. */
  describe(): string | undefined {
    const parts = [
      ...(this.#before.size > 0 ? [`${formatCount(this.#before.size, 'connection')} had begun before it`] : []),
      ...(this.#open.size > 0 ? [`${formatCount(this.#open.size, 'connection')} had not ended when it ends`] : []),
      ...(this.#missing > 0 ? [`${formatNumber(this.#missing)} times something is missing in it`] : []),
    ]
    return parts.length === 0 ? undefined : `not whole: ${parts.join(', ')}`
  }
}
