/** The client towards its program and towards what it has left behind (design section 8). */
import type { Mutant } from './mutant.ts'

const ROOMS = 'core/client/client-rooms.ts'
const GUARDS = 'core/client/client-guards.ts'
const CLIENT = 'core/client/client.ts'
const TABLE = 'core/client/client-table.ts'
const DIALLING = 'core/client/dialling.ts'

export const CLIENT_TELLING_MUTANTS: readonly Mutant[] = [
  {
    name: 'client-drops-what-overtakes',
    source: 'design section 7: the client holds such messages until session_new arrives',
    sentence: 'Over ENet the first words of a zone are lost.',
    edits: [
      {
        file: TABLE,
        find: "'app_message', undefined, ['hold_message']),",
        replace: "'app_message', undefined, []),",
      },
      {
        file: TABLE,
        find: "'app_message', undefined, [...HEARD, 'hold_message']),",
        replace: "'app_message', undefined, HEARD),",
      },
    ],
  },
  {
    name: 'client-tells-before-it-knows',
    source: 'colyseus #927; design section 5, trap',
    sentence: 'What a zone says is told before the program knows that it is back.',
    edits: [
      {
        file: TABLE,
        find: "['know_session', 'tell_status', 'tell_session', 'tell_held']",
        replace: "['know_session', 'tell_held', 'tell_status', 'tell_session']",
      },
    ],
  },
  {
    name: 'client-hurries-too-little',
    source: 'design section 8: capped at 2 s while its session may still live',
    sentence: 'A client dials so seldom that its session is over when it comes.',
    edits: [
      {
        file: 'core/client/backoff.ts',
        find: 'const cap = mayBeAlive ? CEILING_MS_MAX_ALIVE : CEILING_MS_MAX',
        replace: 'const cap = CEILING_MS_MAX',
      },
    ],
  },
  {
    name: 'client-draws-no-jitter',
    source: 'design section 8: full jitter',
    sentence: 'After a restart all clients come in the same millisecond.',
    edits: [
      {
        file: 'core/client/backoff.ts',
        find: 'return (random.uint32() / 0x1_0000_0000) * ceiling',
        replace: 'void random\n  return ceiling / 2',
      },
    ],
  },
  {
    name: 'client-leaves-a-connection-behind',
    source: 'design section 8: everything from an abandoned connection is ignored',
    sentence: 'A client that gives up while it goes over leaves its old connection open.',
    edits: [
      {
        file: TABLE,
        find: "['note_loss', 'close_left', ...CLOSE_NEW]",
        replace: "['note_loss', ...CLOSE_NEW]",
      },
    ],
  },
  {
    name: 'client-ends-half',
    source: 'design section 5: its connection closes with 4000: no grace',
    sentence: 'Who ends a session while it goes over is kept for the grace all the same.',
    edits: [
      {
        file: TABLE,
        find: '    closesLeft: CloseCode.ended,\n',
        replace: '    closesLeft: NORMAL,\n',
      },
    ],
  },
  {
    name: 'client-closes-what-is-closed',
    source: 'core/injected.ts; browsers throw for codes that only a peer may send',
    sentence: 'A client closes a connection that has closed, with the code that it heard.',
    edits: [
      {
        file: CLIENT,
        find: '    link.connection = undefined\n',
        replace: '',
      },
    ],
  },
  {
    name: 'client-closes-with-1006',
    source: 'RFC 6455, section 7.4.1: 1006 must not be sent',
    sentence: 'A browser throws where a dial took too long.',
    edits: [
      {
        file: TABLE,
        find: 'const UNSENDABLE = CloseCode.normal',
        replace: 'const UNSENDABLE = CloseCode.abnormal',
      },
    ],
  },
  {
    name: 'client-forgets-its-room',
    source: 'design section 8: client.app(chat)',
    sentence: 'Who asks for a room twice no longer hears anything by the first.',
    edits: [
      {
        file: ROOMS,
        find: '    if (known !== undefined) return known as unknown as Room<S>\n',
        replace: '    if (known !== undefined && known.app.prefix !== app.prefix) return known as unknown as Room<S>\n',
      },
    ],
  },
  {
    name: 'client-latency-not-told',
    source: 'core/client/client.ts: latency',
    sentence: 'The display of the ping stays empty.',
    edits: [
      {
        file: TABLE,
        find: "'pong', undefined, ['tell_latency']),",
        replace: "'pong', undefined, []),",
      },
    ],
  },
  {
    name: 'client-forgets-the-address',
    source: 'core/client/client.ts: another address, from now on',
    sentence: 'A client that was sent to another server goes back to the first one.',
    edits: [
      {
        file: DIALLING,
        find: 'this.#address = to.address ?? this.#address',
        replace: 'this.#address = to.address ?? this.#first',
      },
      {
        file: DIALLING,
        find: '    this.#address = address\n',
        replace: '    this.#address = address\n    this.#first = address\n',
      },
      {
        file: DIALLING,
        find: '  #address: string\n',
        replace: '  #address: string\n  #first: string\n',
      },
    ],
  },
  {
    name: 'client-comes-back-after-4500',
    source: 'a boundary; design section 7: after a 45xx never by itself',
    sentence: 'A client that was stopped by the server comes back at once.',
    edits: [
      {
        file: 'core/close-codes.ts',
        find: 'return code < 4500 || code > 4599',
        replace: 'return code <= 4500 || code > 4599',
      },
    ],
  },
  {
    name: 'client-ends-at-a-restart',
    source: 'actionhero #533, Unitech/pm2 #2069: a deployment strands every open page',
    sentence: 'After a restart of the server every open page stays disconnected until it is reloaded.',
    edits: [
      {
        file: 'core/close-codes.ts',
        find: 'return code < 4500 || code > 4599',
        replace: 'return (code < 4500 || code > 4599) && code !== CloseCode.restarting',
      },
    ],
  },
  {
    name: 'client-deaf-after-an-end',
    source: 'partykit #252: a lock stays held and reconnect() does nothing',
    sentence: 'After a 45xx nothing that its user does makes the client connect.',
    edits: [
      {
        file: CLIENT,
        find: '      this.#dialling.aim(to)\n',
        replace:
          "      this.#dialling.aim(to)\n      if (this.status.kind === 'ended' && this.status.code !== 4000) return\n",
      },
    ],
  },
  {
    name: 'client-goes-over-once',
    source:
      'found by the fuzzer in this client: connect() while it goes over; design section 5: a takeover is no disconnect',
    sentence: 'Who is told twice to change to another network is thrown out of a hard zone on the way.',
    edits: [
      {
        file: TABLE,
        find: "    'switching_dialled',\n    ['reset_failures', ...CLOSE_NEW, ...DIAL],\n    { closes: ANEW },",
        replace:
          "    'switching_dialled',\n    ['reset_failures', ...CLOSE_BOTH, ...DIAL],\n    { closes: ANEW, closesLeft: NORMAL },",
      },
    ],
  },
  {
    name: 'client-holds-without-end',
    source: 'design section 7: the client holds such messages (at most 64)',
    sentence: 'What a server sends before session_new fills the memory of its clients.',
    edits: [
      {
        file: GUARDS,
        find: 'held < HELD_MAX ?',
        replace: 'held <= HELD_MAX ?',
      },
    ],
  },
  {
    name: 'failing-listener-hides-the-others',
    source: 'core/client/emitter.ts: a listener that throws harms no other',
    sentence: 'One listener throws, and those after it do not hear of the event, nor of any later one.',
    edits: [
      {
        file: 'core/client/emitter.ts',
        find: '        this.#errors.keep(error)\n',
        replace: '        throw error\n',
      },
    ],
  },
  {
    name: 'failing-listener-stops-the-client',
    source: 'core/client/emitter.ts: its error comes out when the client has done all that it had to',
    sentence: 'A listener of the status throws, and the client does not go on to dial.',
    edits: [
      {
        file: 'core/client/emitter.ts',
        find: '    this.#errors.end()\n    this.#isTelling = false\n',
        replace: '    this.#errors.end()\n    this.#isTelling = false\n    this.#errors.comeOut()\n',
      },
    ],
  },
  {
    name: 'client-keeps-what-it-left',
    source:
      'core/client/client-table.ts: close_left; design section 8: everything from an abandoned connection is ignored',
    sentence: 'A client whose session has gone over leaves the connection before it open.',
    edits: [
      {
        file: TABLE,
        find: "'assigned', ['store_token', 'take_session', 'close_left'], {",
        replace: "'assigned', ['store_token', 'take_session'], {",
      },
    ],
  },
  {
    name: 'client-sign-survives',
    source: 'phoenix #3083: a pending check survives the reconnect; core/client/client-table.ts: stop_sign',
    sentence: 'The check for a sign of life outlives its connection, and fires while the client dials.',
    edits: [
      {
        file: TABLE,
        find: "['note_loss', 'stop_sign', 'stop_liveness', 'close_connection']",
        replace: "['note_loss', 'stop_liveness', 'close_connection']",
      },
    ],
  },
  {
    name: 'client-table-lacks-a-pair',
    source: 'core/client/client-table.ts: a pair that happens and is neither a row nor ignored',
    sentence: 'A server that stops answering after session_new makes the client fail an assertion.',
    edits: [
      {
        file: TABLE,
        find: "...lost([...UNOPENED, ...ASKING, 'assigned'], 'connect_timeout', {",
        replace: "...lost([...UNOPENED, ...ASKING], 'connect_timeout', {",
      },
    ],
  },
]
