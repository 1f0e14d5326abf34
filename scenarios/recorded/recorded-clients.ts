/**
 * Who the clients of a recording were, and what each of them did: sorts its connections by whose they are, and its
 * messages by who said them.
 *
 * A connection that brings a token which an earlier `session_new` of the recording has issued is the same client's; any
 * other that requests a session is a new client's. Addresses say nothing: many share one, and one client has several.
 * What a client does by itself to keep its session (requests, answers to beacons) is left out, as is what comes on a
 * connection that another one has replaced.
 */
import { TOKEN_BYTES } from '../../core/session/tokens.ts'
import { CloseCode, PROTOCOL_PREFIX, protocol } from '../../core/index.ts'
import { type Entry, type Input, SIGN_OF_LIFE, type CallData, type Payload } from '../../recording/index.ts'
import { prefixOf, toHex } from '../observer/wire.ts'
import type { TransportChoice } from '../scenario.ts'

/** Times are those at which the server saw it, in ms of its clock. */
export type RecordedEvent = { readonly atMs: number; readonly connection: number } &
  /** It requested a session. */
  (
    | { readonly kind: 'connect'; readonly transport: TransportChoice }
    | { readonly kind: 'say'; readonly payload: Payload }
    /**
     * Its connection is over: it `closed` it, or `ended` its session; or the connection was `lost`, or fell `silent` until
     * the server gave it up.
     */
    | { readonly kind: 'leave'; readonly how: 'closed' | 'ended' | 'lost' | 'silent' }
  )

export interface RecordedClient {
  /** From 1, in the order in which they came. */
  readonly number: number
  readonly events: readonly RecordedEvent[]
}

export interface RecordedCall {
  readonly atMs: number
  readonly call: CallData
}

export interface Recorded {
  readonly clients: readonly RecordedClient[]
  /** Calls from outside, before the one that stopped the server, as `server.stop()` or a command of its program. */
  readonly calls: readonly RecordedCall[]
  /** Of the boot, or of the first thing that is there. */
  readonly startMs: number
  readonly endMs: number
  /** Whose session had this id then. */
  readonly clientOfSession: ReadonlyMap<number, RecordedClient>
  /** Connections that never requested a session, and messages on them. */
  readonly strangers: { readonly connections: number; readonly messages: number }
  readonly ignoredFrames: number
  /** By the number of a connection: whose it was. */
  readonly clientOfConnection: ReadonlyMap<number, RecordedClient>
  /** When the game last drew a random value, as far as that can be told from a token; undefined: never. */
  readonly lastDrawnMs: number | undefined
  /** What an import could not tell, in its own words. */
  readonly missing: readonly string[]
  /** Connections that the recording does not begin with, so that nothing is known of how they came about. */
  readonly headless: number
}

interface Client extends RecordedClient {
  readonly events: RecordedEvent[]
  /** Where it has its session. */
  connection: Connection | undefined
}

interface Connection {
  readonly number: number
  readonly transport: TransportChoice
  client: Client | undefined
  session: number | undefined
  heardAtMs: number
  /** The code with which the server has closed it. */
  closing: number | undefined
  /** Said before it requested a session. */
  early: { readonly atMs: number; readonly payload: Payload }[]
}

export interface ReadingOptions {
  /** Ends with the last input before this time (ms since the boot). Default Infinity. */
  readonly untilMs?: number
  /** Is given the same entries, and takes as many of them as it likes. */
  readonly follow?: (entries: Iterable<Entry>) => void
}

export function readClients(entries: Iterable<Entry>, { untilMs = Infinity, follow }: ReadingOptions = {}): Recorded {
  const reader = new ClientReader()
  const read = reading(entries, reader, untilMs)
  // Who stops early does not end it: the rest is read afterwards.
  follow?.({ [Symbol.iterator]: () => ({ next: () => read.next() }) })
  for (const _ of read);
  return reader.recorded()
}

function* reading(entries: Iterable<Entry>, reader: ClientReader, untilMs: number): Generator<Entry, void> {
  for (const entry of entries) {
    if (!reader.read(entry, untilMs)) return
    yield entry
  }
}

class ClientReader {
  readonly #clients: Client[] = []
  readonly #connections = new Map<number, Connection>()
  readonly #clientOfToken = new Map<string, Client>()
  readonly #clientOfSession = new Map<number, Client>()
  readonly #calls: RecordedCall[] = []
  readonly #strangers = { connections: 0, messages: 0 }
  readonly #missing: string[] = []
  #ignoredFrames = 0
  #headless = 0
  #lastDrawnMs: number | undefined
  #startMs: number | undefined
  #nowMs = 0
  #isWithinCall = false

  /** False: that was all that counts. */
  read(entry: Entry, untilMs: number): boolean {
    if ('atMs' in entry) {
      this.#startMs ??= entry.atMs
      if (entry.atMs - this.#startMs > untilMs) return false
      this.#nowMs = entry.atMs
      this.#isWithinCall = entry.kind === 'called'
    }
    switch (entry.kind) {
      case 'accepted':
        this.#connections.set(entry.connection, newConnection(entry.connection, transportOf(entry.transport)))
        break
      case 'message':
        this.#hear(this.#connection(entry.connection), entry)
        break
      case 'ignored':
        if (entry.what !== SIGN_OF_LIFE) this.#ignoredFrames++
        break
      case 'missing':
        this.#missing.push(entry.what)
        break
      case 'closed':
        this.#closed(this.#connections.get(entry.connection), entry.code)
        break
      case 'close': {
        const connection = this.#connections.get(entry.connection)
        if (connection !== undefined) connection.closing ??= entry.code
        break
      }
      case 'sent':
        if (prefixOf(entry.bytes) === PROTOCOL_PREFIX) this.#told(this.#connection(entry.connection), entry.bytes)
        break
      case 'called':
        if (isEnd(entry.call)) return false
        this.#calls.push({ atMs: entry.atMs, call: entry.call })
        break
      case 'random_number':
        this.#lastDrawnMs = this.#nowMs
        break
      case 'random_bytes':
        if (entry.length !== TOKEN_BYTES) this.#lastDrawnMs = this.#nowMs
        break
      case 'close_listener':
        // A program's command has stopped it, or the program by itself.
        if (this.#isWithinCall) this.#calls.pop()
        return false
      default:
    }
    return true
  }

  recorded(): Recorded {
    for (const connection of this.#connections.values()) if (connection.client === undefined) this.#ignore(connection)
    // What fell silent is known only once it was given up.
    for (const { events } of this.#clients) events.sort((a, b) => a.atMs - b.atMs)
    const clientOfConnection = new Map<number, RecordedClient>()
    for (const client of this.#clients) {
      for (const { connection } of client.events) clientOfConnection.set(connection, client)
    }
    return {
      clientOfConnection,
      lastDrawnMs: this.#lastDrawnMs,
      clients: this.#clients.filter(({ events }) => events.length > 0),
      calls: this.#calls,
      startMs: this.#startMs ?? 0,
      endMs: this.#nowMs,
      clientOfSession: this.#clientOfSession,
      strangers: this.#strangers,
      ignoredFrames: this.#ignoredFrames,
      missing: this.#missing,
      headless: this.#headless,
    }
  }

  #connection(number: number): Connection {
    const known = this.#connections.get(number)
    if (known !== undefined) return known
    // The recording lacks its head: whose this is, and over what, is unknown. It had a session, most likely.
    this.#headless++
    const connection = newConnection(number, 'websocket')
    this.#connections.set(number, connection)
    this.#connect(connection, this.#newClient())
    return connection
  }

  #hear(connection: Connection, { bytes, delivery, length }: Extract<Input, { kind: 'message' }>): void {
    connection.heardAtMs = this.#nowMs
    const payload: Payload = { bytes, delivery, length }
    if (prefixOf(bytes) === PROTOCOL_PREFIX) {
      const decoded = protocol.codec.decode(bytes)
      const type = typeof decoded === 'string' ? decoded : decoded.type
      if (type === 'session_ping') return
      if (typeof decoded !== 'string' && type === 'session_request') {
        this.#request(connection, decoded.message['reconnect_token'])
        return
      }
    }
    const { client } = connection
    if (client === undefined) connection.early.push({ atMs: this.#nowMs, payload })
    else if (client.connection === connection) this.#add(connection, { kind: 'say', payload })
  }

  #request(connection: Connection, token: unknown): void {
    if (connection.client !== undefined) return
    const known = token instanceof Uint8Array ? this.#clientOfToken.get(toHex(token)) : undefined
    this.#connect(connection, known ?? this.#newClient())
  }

  #connect(connection: Connection, client: Client): void {
    connection.client = client
    client.connection = connection
    this.#add(connection, { kind: 'connect', transport: connection.transport })
    for (const { payload } of connection.early) this.#add(connection, { kind: 'say', payload })
    connection.early = []
  }

  /** The server tells a connection which session it has. */
  #told(connection: Connection, bytes: Uint8Array): void {
    const decoded = protocol.codec.decode(bytes)
    if (typeof decoded === 'string' || decoded.type !== 'session_new') return
    const { id, reconnect_token: token } = decoded.message
    if (typeof id !== 'number' || !(token instanceof Uint8Array)) return
    const owner = this.#clientOfSession.get(id)
    if (connection.client === undefined) this.#connect(connection, owner ?? this.#newClient())
    else if (owner === undefined && this.#elsewhere(connection.client, connection) !== undefined)
      this.#split(connection)
    const client = connection.client
    if (client === undefined) return
    connection.session = id
    client.connection = connection
    this.#clientOfSession.set(id, client)
    this.#clientOfToken.set(toHex(token), client)
  }

  /** Another open connection of `client` that has a session: its last. */
  #elsewhere(client: Client, except?: Connection): Connection | undefined {
    let found: Connection | undefined
    for (const other of this.#connections.values()) {
      if (other !== except && other.client === client && other.session !== undefined) found = other
    }
    return found
  }

  /** It brought a token that was another client's by then, and was given a session of its own: a duplicated tab. */
  #split(connection: Connection): void {
    const { client: shared, number } = connection
    if (shared === undefined) return
    const own = this.#newClient()
    own.events.push(...shared.events.filter((event) => event.connection === number))
    shared.events.splice(0, Infinity, ...shared.events.filter((event) => event.connection !== number))
    shared.connection = this.#elsewhere(shared, connection)
    connection.client = own
  }

  #closed(connection: Connection | undefined, code: number): void {
    if (connection === undefined) return
    this.#connections.delete(connection.number)
    const { client, closing, session, heardAtMs } = connection
    if (client === undefined) {
      this.#ignore(connection)
      return
    }
    if (client.connection !== connection) return
    client.connection = this.#elsewhere(client)
    if (client.connection !== undefined && session === undefined) {
      // It was turned away, and the client has its session where it had it before.
      client.events.splice(0, Infinity, ...client.events.filter((event) => event.connection !== connection.number))
    } else if (closing === CloseCode.livenessTimeout) {
      client.events.push({ kind: 'leave', how: 'silent', atMs: heardAtMs, connection: connection.number })
    } else if (closing === undefined) {
      const how = code === CloseCode.ended ? 'ended' : code === CloseCode.abnormal ? 'lost' : 'closed'
      this.#add(connection, { kind: 'leave', how })
    }
  }

  #ignore({ early }: Connection): void {
    this.#strangers.connections++
    this.#strangers.messages += early.length
  }

  #newClient(): Client {
    const client: Client = { number: this.#clients.length + 1, events: [], connection: undefined }
    this.#clients.push(client)
    return client
  }

  #add({ client, number }: Connection, event: EventWithoutPlace): void {
    client?.events.push({ ...event, atMs: this.#nowMs, connection: number })
  }
}

type Placeless<T> = T extends unknown ? Omit<T, 'atMs' | 'connection'> : never
type EventWithoutPlace = Placeless<RecordedEvent>

function newConnection(number: number, transport: TransportChoice): Connection {
  return { number, transport, client: undefined, session: undefined, heardAtMs: 0, closing: undefined, early: [] }
}

function transportOf(transport: string): TransportChoice {
  return transport === 'enet' ? 'enet' : 'websocket'
}

function isEnd({ on, method }: CallData): boolean {
  return on.place === 'server' && (method === 'stop' || method === 'drain')
}
