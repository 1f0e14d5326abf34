/**
 * Several networks as one, chosen by the scheme of an address: a server that listens on WebSocket and ENet, a client
 * that comes back over the other. Leaves out ids: give the networks a shared `nextConnectionId`, or they overlap.
 */
import { OverworldError } from '../core/errors.ts'
import type { Network } from '../core/injected.ts'

/** `networks`: by scheme, such as `{ ws: webSocket, wss: webSocket, enet }`. Unknown schemes throw `bad_address`. */
export function networkByScheme(networks: Readonly<Record<string, Network>>): Network {
  const bySchemes = new Map(Object.entries(networks))
  const networkOf = (address: string): Network => {
    const network = bySchemes.get(address.split('://', 1)[0]?.toLowerCase() ?? '')
    if (network !== undefined) return network
    const known = [...bySchemes.keys()].map((scheme) => `${scheme}://`).join(', ')
    throw new OverworldError('bad_address', `"${address}" has none of the schemes known here: ${known}`)
  }
  return {
    listen: (address, accept, events) => networkOf(address).listen(address, accept, events),
    connect: (address, handler) => networkOf(address).connect(address, handler),
  }
}
