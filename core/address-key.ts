/**
 * The key by which limits for each address count. One customer of a provider usually holds a whole IPv6 /64, and can
 * take a new address of it for every connection, so these addresses count as one. Leaves out larger blocks: a provider
 * that gives its customers a /56 gives them 256 such keys.
 */

const GROUPS = 8
/** Of an IPv6 address: the groups of 16 bits that name the network, a /64. */
const NETWORK_GROUPS = 4

/**
 * `remoteAddress` of a connection as a key: IPv4 as it is, also where IPv6 carries it (`::ffff:192.0.2.1`); IPv6 as its
 * network (`2001:db8:0:1::/64`); anything else as it is.
 */
export function addressKey(remoteAddress: string): string {
  if (!remoteAddress.includes(':')) return remoteAddress
  const [address = ''] = remoteAddress.replace(/^\[|\]$/g, '').split('%')
  const groups = groupsOf(address)
  if (groups === undefined) return remoteAddress
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return [groups[6] ?? 0, groups[7] ?? 0].flatMap((group) => [group >> 8, group & 0xff]).join('.')
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.toString(16))
  return `${network.join(':')}::/64`
}

/** The eight groups of an IPv6 address; undefined: it is none. */
function groupsOf(address: string): number[] | undefined {
  const dotted = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)
  if (dotted !== null) {
    const [, start = '', ...bytes] = dotted
    const [a = 0, b = 0, c = 0, d = 0] = bytes.map(Number)
    if (Math.max(a, b, c, d) > 255) return undefined
    return groupsOf(`${start}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`)
  }
  const halves = address.split('::')
  if (halves.length > 2) return undefined
  const [before = [], after] = halves.map((half) => (half === '' ? [] : half.split(':')))
  if (![...before, ...(after ?? [])].every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  const missing = GROUPS - before.length - (after?.length ?? 0)
  if (after === undefined ? missing !== 0 : missing < 1) return undefined
  const zeros = Array.from({ length: missing }, () => '0')
  return [...before, ...zeros, ...(after ?? [])].map((group) => Number.parseInt(group, 16))
}
