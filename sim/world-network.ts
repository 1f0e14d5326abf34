/** What a world needs of the network that connects its hosts, whichever it is (`Fabric`), and of a connection in it. */
import type { Side } from './connection-end.ts'
import type { EnetSettings, StreamSettings } from './connection-settings.ts'
import type { Fabric, Host } from './host.ts'
import type { Paths } from './paths.ts'

export interface WorldNetwork extends Fabric {
  readonly paths: Paths
  /** The connections of which anything is left at either end, in the order of dialing. */
  connectionsOf(host: Host): readonly WorldConnection[]
  /** Changes what is given, for connections that exist too. Throws `bad_option`. */
  configure(settings: { readonly stream?: Partial<StreamSettings>; readonly enet?: Partial<EnetSettings> }): void
}

/** What can befall a connection alone. */
export interface WorldConnection {
  readonly transport: string
  /** Its number in the trace. */
  readonly ordinal: number
  readonly clientHost: Host
  readonly serverHost: Host
  /** One end breaks; a stream tells its peer. ENet has no word for it: both directions go silent. */
  reset(side?: Side): void
  /** The stream that one side sends ends without a goodbye; its peer hears 1006. ENet has no such thing. */
  halfClose(side?: Side): void
  /** Both directions go silent for ever; neither end is told. */
  halfOpen(): void
  /** What one side sends is lost from now on, what it is sent is not. */
  cut(sender: Side): void
  /** A slow reader: that side's program reads nothing until it does again. */
  setReading(side: Side, isReading: boolean): void
}
