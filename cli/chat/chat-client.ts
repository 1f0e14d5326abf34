/**
 * A chat over one session: joins, keeps the list of who is there, and says in lines what becomes of the connection and
 * the session. Comes back by itself when a connection is lost, except after `drop`, which is for trying that by hand.
 */
import {
  Client,
  type ClientStatus,
  type Clock,
  type Network,
  type Random,
  type Room,
  type TokenStore,
} from '../../core/index.ts'
import { chat } from '../../scenarios/apps/chat.ts'
import { parseAddress } from '../../transports/address.ts'
import { UnrulyNetwork } from './unruly-network.ts'

export interface ChatOptions {
  readonly address: string
  readonly handle: string | undefined
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  readonly store: TokenStore
  readonly show: (line: string) => void
  /** Silences what goes on below messages, too. */
  readonly silenceSockets?: (() => void) | undefined
}

/**
 * `joined`: what is said is heard. `coming`: on the way there. `silenced`: by `silence`. `away`: nothing happens
 * without `resume`.
 */
export type ChatState = 'joined' | 'coming' | 'silenced' | 'away'

export class ChatClient {
  readonly #client: Client
  readonly #room: Room<(typeof chat)['schema']>
  readonly #network: UnrulyNetwork
  readonly #show: (line: string) => void
  readonly #silenceSockets: (() => void) | undefined
  readonly #clock: Clock
  readonly #handle: string | undefined
  readonly #waiting = new Set<() => void>()
  #people: readonly string[] = []
  #isJoined = false
  #isSilent = false
  /** Texts said of which the echo has not come yet. */
  #unheard: string[] = []
  #latencyMs: number | undefined

  constructor(options: ChatOptions) {
    const { clock, random, address, store } = options
    this.#show = options.show
    this.#silenceSockets = options.silenceSockets
    this.#clock = clock
    this.#handle = options.handle
    this.#network = new UnrulyNetwork(options.network, clock)
    this.#client = new Client({ clock, random, network: this.#network, address, store })
    this.#room = this.#client.app(chat)
    this.#listen()
  }

  get state(): ChatState {
    const { kind } = this.#client.status
    if (kind === 'idle' || kind === 'ended') return 'away'
    if (this.#isSilent) return 'silenced'
    return kind === 'connected' && this.#isJoined ? 'joined' : 'coming'
  }

  /** Whether everything said so far has come back from the server. */
  get isHeard(): boolean {
    return this.#unheard.length === 0
  }

  /** Throws `bad_address`, and then changes nothing. */
  connect(address = this.#client.address): void {
    parseAddress(address, ['ws', 'wss', 'enet'])
    this.#becomeWell()
    this.#client.connect({ address })
  }

  say(text: string): void {
    if (this.state === 'away') this.#show('* not connected: nobody heard that; /resume first')
    else if (this.#room.send('channel_msg', { text })) {
      if (!this.#isSilent) this.#unheard.push(text)
    } else this.#show('* not connected yet: nobody heard that')
  }

  who(): void {
    const latency = this.#latencyMs === undefined ? '' : `, ${this.#latencyMs} ms away`
    this.#show(`* here: ${this.#people.join(', ')} (${this.#client.address}, ${this.#client.status.kind}${latency})`)
  }

  /** The connection breaks without a goodbye; the session waits for its grace. */
  drop(): void {
    this.#network.cut()
    this.#client.disconnect()
    this.#show('* connection cut; /resume comes back, /resume URL over another transport')
  }

  /** The connection stays open, and nothing gets through any more. */
  silence(): void {
    if (this.state === 'away') {
      this.#show('* not connected')
      return
    }
    this.#network.silence()
    this.#silenceSockets?.()
    this.#isSilent = true
    this.#unheard = []
    this.#show('* connection silenced; this side will notice by itself, /resume takes over at once')
  }

  /** Ends the session. Resolves once the connection is closed. */
  quit(): void {
    this.#client.end()
    // Those that were silenced are still open.
    if (this.#isSilent) this.#network.cut()
  }

  /** Leaves nothing open. */
  cut(): void {
    this.#network.cut()
  }

  /** Resolves with true once `condition` holds, with false after `patienceMs`. */
  until(condition: () => boolean, patienceMs: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const settle = (holds: boolean): void => {
        timer.cancel()
        this.#waiting.delete(look)
        resolve(holds)
      }
      const look = (): void => {
        if (condition()) settle(true)
      }
      const timer = this.#clock.setTimer(patienceMs, () => settle(false))
      this.#waiting.add(look)
    })
  }

  #listen(): void {
    this.#client.on('status', (status) => this.#handleStatus(status))
    this.#client.on('session', ({ id, resumed, zone, skewed }) => {
      this.#becomeWell()
      this.#show(`* ${resumed ? 'back in' : 'new'} session ${id} over ${this.#client.address}`)
      if (skewed.length > 0) this.#show('* the server has another version of the chat: some messages may be lost')
      // A session that was resumed may still be in the zone, and is told who is there.
      if (zone === undefined) this.#join()
      this.#changed()
    })
    this.#client.on('session_lost', ({ id }) => this.#show(`* session ${id} is over: too late to resume it`))
    this.#client.on('denied', ({ reason }) => {
      if (reason === 'no_zone') this.#join()
      else if (reason !== 'already_joined') this.#show(`* the server says: ${reason}`)
    })
    this.#client.on('latency', (ms) => (this.#latencyMs = ms))
    this.#room.on('sync', ({ handles }) => this.#handlePeople(handles))
    this.#room.on('channel_msg', ({ handle, text }) => this.#handleText(handle ?? '?', text ?? ''))
  }

  #join(): void {
    this.#room.join({ handle: this.#handle })
  }

  #handleStatus(status: ClientStatus): void {
    if (status.kind !== 'connected') {
      this.#isJoined = false
      this.#unheard = []
    }
    const line = describeStatus(status, this.#client.address)
    if (line !== undefined) this.#show(line)
    this.#changed()
  }

  #handlePeople(handles: readonly string[]): void {
    this.#isJoined = true
    if (handles.join('\n') !== this.#people.join('\n')) this.#show(`* here: ${handles.join(', ')}`)
    this.#people = handles
    this.#changed()
  }

  #handleText(handle: string, text: string): void {
    this.#show(`<${handle}> ${text}`)
    const index = this.#unheard.indexOf(text)
    if (index >= 0) this.#unheard.splice(index, 1)
    this.#changed()
  }

  #becomeWell(): void {
    this.#isSilent = false
  }

  #changed(): void {
    for (const look of this.#waiting) look()
  }
}

function describeStatus(status: ClientStatus, address: string): string | undefined {
  switch (status.kind) {
    // These two are told of by what brought them about.
    case 'idle':
    case 'connected':
      return undefined
    case 'connecting':
      return `* connecting to ${address}`
    case 'waiting':
      return `* not connected (${describeClose(status)}); trying again in ${(status.retryInMs / 1000).toFixed(1)} s`
    case 'ended':
      return status.code === 4000 ? undefined : `* closed by the server (${describeClose(status)}); /resume tries again`
  }
}

function describeClose({ code, reason }: { readonly code: number; readonly reason: string }): string {
  return reason === '' ? String(code) : `${code}: ${reason}`
}
