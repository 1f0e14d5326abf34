/** What a client is made with. */
import type { Clock, Network, Random } from '../injected.ts'
import type { OptionNames } from '../option-names.ts'
import type { ClientTap } from './client-tap.ts'
import type { Causes } from '../turns/taps.ts'
import type { TokenStore } from './token-store.ts'

export interface ClientInit {
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  /** Such as `wss://play.example.org/ws` or `enet://play.example.org:4483`. */
  readonly address: string
  /** Default: in memory. */
  readonly store?: TokenStore
  /** From dialling to the `session` event, in ms; default 5,000. Infinity: for ever. */
  readonly connectTimeout?: number
  /** How long (ms) the server may be silent before the connection is given up. Default 5,000; 0: for ever. */
  readonly livenessTimeout?: number
  /**
   * For how long (ms) after a loss the session may still be alive: the server's `disconnectTimeout`. Retries are
   * hastier as long as that is so. Default 5,000.
   */
  readonly disconnectTimeout?: number
  /** See `client.tap`. */
  readonly taps?: readonly ClientTap[]
  /** The numbering of events for taps; default: the client's own. In the simulator all of a world share one. */
  readonly causes?: Causes
}

export const CLIENT_OPTION_NAMES: OptionNames<ClientInit> = {
  clock: true,
  random: true,
  network: true,
  address: true,
  store: true,
  connectTimeout: true,
  livenessTimeout: true,
  disconnectTimeout: true,
  taps: true,
  causes: true,
}
