/** What was unusual in a capture: how often, and where it concerns a connection, which one and when. */

/** Each with what is said of it, after how many there were. */
export const LABELS = {
  packets_cut: 'packets were cut short when they were captured (tcpdump -s 0 takes all of them)',
  damaged: 'times the capture is damaged, and reading went on behind it',
  times_carried: 'packets have a second or more in the fraction of their time, which was carried over',
  times_impossible: 'packets have a time that cannot be, and were given that of the packet before',
  lengths_rounded: 'blocks have a length that is no multiple of four, which was rounded up',
  clock_set_back: 'times the clock was set back: times go on from there',
  clock_jumped: 'times nothing at all came for more than an hour: nobody was there, or the clock was set',
  packets_back_in_time: 'packets are earlier than one before them, and were given its time',
  packets_unreadable: 'packets have no header that could be read',
  links_unknown: 'packets are of a kind of link that is not read here',
  not_read: 'packets carry something, or are in a tunnel, that is not read here',
  fragments_incomplete: 'packets in fragments never became whole',
  tcp_repeated: 'TCP segments were sent or captured again, and dropped',
  tcp_out_of_order: 'TCP segments came out of order, and were put in order',
  tcp_missing: 'gaps in TCP streams, of which nothing is known',
  tcp_began_before: 'TCP connections had begun before the capture',
  captured_twice:
    'connections were captured under two addresses (address translation, as of docker), and were taken once',
  tls: 'connections are encrypted (TLS), and cannot be read',
  no_websocket: 'connections on a port for WebSocket are something else',
  http_requests: 'plain HTTP requests on a port for WebSocket',
  http2: 'connections are HTTP/2, whose WebSockets (RFC 8441) are not read here',
  upgrades_refused: 'WebSockets were refused by the server',
  requests_unfinished: 'connections ended within an HTTP request',
  upgrades_unanswered: 'WebSockets were requested, and the capture has no answer',
  text_frames: 'text frames, of which the recording says only that they came: this server speaks in binary ones',
  deflate_agreed: 'WebSockets agreed on compression (permessage-deflate); each message that uses it is named',
  websocket_compressed: 'messages are compressed (permessage-deflate), which is not read here',
  websocket_unreadable: 'times there was no WebSocket frame where one should have been',
  messages_too_long: 'messages are longer than 16 MiB, and were left out',
  enet_unreadable: 'datagrams on a port for ENet are something else, or have checksums, which are not read here',
  enet_compressed: 'datagrams of ENet are compressed, which is not read here',
  enet_repeated: 'commands of ENet were sent or captured again, and dropped',
  enet_late: 'unreliable messages of ENet came late, and were dropped as ENet drops them',
  enet_missing: 'times something of ENet is not in the capture',
  enet_began_before: 'ENet connections had begun before the capture',
  enet_timed_out: 'ENet connections fell silent for 30 s, after which ENet gives up',
  one_direction: 'protocols were captured in one direction only',
  packets_failed:
    'packets could not be handled because of a mistake in the importer, and were left out: please report it',
  open_at_end: 'connections were still open when the capture ended',
} as const
export type FindingKind = keyof typeof LABELS

export interface Finding {
  readonly kind: FindingKind
  readonly count: number
  readonly text: string
  /** The first of them, in words. */
  readonly where: readonly string[]
}

/** So many places are named for each kind. */
const PLACES_MAX = 20

export class Findings {
  readonly #counts = new Map<FindingKind, number>()
  readonly #places = new Map<FindingKind, string[]>()

  /** `where`: which connection, and when. */
  count(kind: FindingKind, where?: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
    if (where === undefined) return
    const places = this.#places.get(kind) ?? []
    if (places.length < PLACES_MAX && !places.includes(where)) this.#places.set(kind, [...places, where])
  }

  list(): readonly Finding[] {
    return (Object.keys(LABELS) as FindingKind[]).flatMap((kind) => {
      const count = this.#counts.get(kind)
      if (count === undefined) return []
      return [{ kind, count, text: LABELS[kind], where: this.#places.get(kind) ?? [] }]
    })
  }
}
