/**
 * Planted bugs in the adapters of `transports/`, which only a campaign at wire level can find: the message network
 * has none of their code in it.
 */
import type { Mutant } from './mutant.ts'

const WEB_SOCKET = 'transports/websocket-connection.ts'
const SERVER = 'transports/websocket-server.ts'
const GUARD = 'transports/guarded-handler.ts'
const ENET = 'transports/enet-connection.ts'
const HOST = 'transports/enet-host.ts'
const OUTBOX = 'transports/enet-outbox.ts'
const LIBRARY = 'transports/enet-library.ts'

export const ADAPTER_MUTANTS: readonly Mutant[] = [
  {
    name: 'closed-told-twice',
    source: 'core/injected.ts: closed comes exactly once and last',
    sentence: 'A connection that ends is ended again a moment later.',
    edits: [
      {
        file: GUARD,
        find: "    if (this.#status === 'closed') return\n    this.#status = 'closed'\n",
        replace: "    this.#status = 'closed'\n",
      },
      {
        file: WEB_SOCKET,
        find: '    this.#handler.closed(closed.code, closed.reason)\n',
        replace:
          '    this.#handler.closed(closed.code, closed.reason)\n    this.#clock.setTimer(1, () => this.#handler.closed(closed.code, closed.reason))\n',
      },
    ],
  },
  {
    name: 'message-after-close',
    source: 'core/injected.ts: no message follows one’s own close',
    sentence: 'What a peer says after it was closed still counts.',
    edits: [
      {
        file: GUARD,
        find: "  message(bytes: Uint8Array, delivery: Delivery): void {\n    if (this.#status !== 'open') return\n",
        replace:
          "  message(bytes: Uint8Array, delivery: Delivery): void {\n    if (this.#status === 'closed') return\n",
      },
    ],
  },
  {
    name: 'websocket-wrong-close-code',
    source: 'design section 7: close codes decide whether a client comes back',
    sentence: 'A client that was sent away for good comes back again and again.',
    edits: [
      {
        file: WEB_SOCKET,
        find: '    this.#socket.close(code, this.#ownClose.reason)',
        replace: '    this.#socket.close(1000, this.#ownClose.reason)',
      },
    ],
  },
  {
    name: 'enet-close-code-lost',
    source: "design section 7: the same number as ENet's disconnect data",
    sentence: 'Over ENet nobody learns why it was closed.',
    edits: [
      {
        file: ENET,
        find: 'libenet.peer_disconnect_later(peer, code)',
        replace: 'libenet.peer_disconnect_later(peer, 0)',
      },
    ],
  },
  {
    name: 'close-never-cuts',
    source: 'core/injected.ts: close waits for at most 1 s, then cuts',
    sentence: 'A peer that is gone keeps its WebSocket open for ever.',
    edits: [
      {
        file: WEB_SOCKET,
        find: '    this.#cutTimer ??= this.#clock.setTimer(CLOSE_GRACE_MS, () => this.#socket.terminate())',
        replace: '    this.#cutTimer ??= this.#clock.setTimer(CLOSE_GRACE_MS, () => undefined)',
      },
    ],
  },
  {
    name: 'enet-close-never-cuts',
    source: 'core/injected.ts: close waits for at most 1 s, then cuts',
    sentence: 'An ENet peer that is gone keeps its slot for half a minute.',
    edits: [
      {
        file: ENET,
        find: 'this.#cutTimer ??= this.#clock.setTimer(CLOSE_GRACE_MS, () => this.#disconnectNow(code))',
        replace: 'this.#cutTimer ??= this.#clock.setTimer(CLOSE_GRACE_MS, () => undefined)',
      },
    ],
  },
  {
    name: 'peer-slot-never-freed',
    source: 'a host with 4,095 peers that is full after as many visitors',
    sentence: 'The server forgets to forget ENet peers that have left.',
    edits: [
      {
        file: HOST,
        find: '    if (connection === undefined) return\n    this.forget(connection)\n    connection.gone(data)\n',
        replace: '    if (connection === undefined) return\n    connection.gone(data)\n',
      },
    ],
  },
  {
    name: 'packet-copied-too-late',
    source: 'wire-level.md, guard 4: the library frees a packet after its handler',
    sentence: 'A message over ENet is read after its memory was given to another.',
    edits: [
      {
        file: LIBRARY,
        find: 'return this.library.HEAPU8.slice(start, start + jsapi.packet_get_dataLength(packet))',
        replace: 'return this.library.HEAPU8.subarray(start, start + jsapi.packet_get_dataLength(packet))',
      },
    ],
  },
  {
    name: 'delivery-ignored',
    source: 'design section 2: reliable, unreliable or unsequenced',
    sentence: 'Over ENet everything is sent unreliably.',
    edits: [
      {
        file: ENET,
        find: "    case 'reliable':\n      return FLAG_RELIABLE",
        replace: "    case 'reliable':\n      return FLAG_UNRELIABLE_FRAGMENT",
      },
    ],
  },
  {
    name: 'upgrade-unanswered',
    source: 'an upgrade that nobody takes is left open for ever by http',
    sentence: 'Now and then a WebSocket is never answered.',
    edits: [
      {
        file: SERVER,
        find: '    const remoteAddress = this.#clientAddress',
        replace:
          '    if (this.#parts.nextConnectionId() % 5 === 0) return\n    const remoteAddress = this.#clientAddress',
      },
    ],
  },
  {
    name: 'upgrade-deadline-goes-on',
    source: 'a deadline for the upgrade that is not cancelled by it',
    sentence: 'Every WebSocket is cut five seconds after it was opened.',
    edits: [
      {
        file: SERVER,
        find: '      this.#forgetDeadline(socket)\n      this.#upgrade(request, socket, head)',
        replace: '      this.#upgrade(request, socket, head)',
      },
    ],
  },
  {
    name: 'abandoned-dial-goes-on',
    source: 'a connection closed before it opened must not open',
    sentence: 'A client that gave a dial up is connected all the same, and nobody knows.',
    edits: [
      {
        file: WEB_SOCKET,
        find: '      this.#socket.terminate()\n      return\n',
        replace: '      return\n',
      },
    ],
  },
  {
    name: 'enet-socket-never-closed',
    source: 'a UDP socket for each dial, and none of them closed',
    sentence: 'Each time a client dials over ENet, it keeps a socket.',
    edits: [
      {
        file: 'transports/enet-network.ts',
        find: '      host.connect(ip, port, connection)\n      host.close()\n',
        replace: '      host.connect(ip, port, connection)\n',
      },
    ],
  },
  {
    name: 'goodbye-overtakes',
    source: 'core/injected.ts: close delivers earlier reliable messages first',
    sentence: 'What was said just before a close over ENet is lost.',
    edits: [
      {
        file: ENET,
        find: 'libenet.peer_disconnect_later(peer, code)',
        replace: 'libenet.peer_disconnect_now(peer, code)',
      },
    ],
  },
  {
    name: 'enet-forgets-the-time',
    source: 'transports/steady-clock.ts: a pause of the process is none to ENet',
    sentence: 'A server that stood still throws out everybody who is there over ENet.',
    edits: [{ file: LIBRARY, find: '  return steadyClock(clock, STEP_MS_MAX)', replace: '  return clock' }],
  },
  {
    name: 'peers-word-wins',
    source: 'core/injected.ts: who closes hears of it in its own words',
    sentence: 'Where both close at once, each hears the other’s code instead of its own.',
    edits: [
      {
        file: WEB_SOCKET,
        find: 'this.#ownClose ?? heard ?? this.#failure',
        replace: 'heard ?? this.#ownClose ?? this.#failure',
      },
    ],
  },
  {
    name: 'drained-too-early',
    source: 'core/injected.ts: drained comes once bufferedBytes is 0',
    sentence: 'Who waits until a WebSocket has drained goes on when the first message has left.',
    edits: [
      {
        file: WEB_SOCKET,
        find: 'if (!this.#hasBuffered || this.#socket.bufferedAmount > 0) return',
        replace: 'if (!this.#hasBuffered) return',
      },
    ],
  },
  {
    name: 'broadcast-buffer-mixed-up',
    source: 'one buffer for all that are sent the same bytes, found by the wrong key',
    sentence: 'A message is taken for the one before it, because it is as long.',
    edits: [
      {
        file: WEB_SOCKET,
        find: 'if (message !== lastMessage) {',
        replace: 'if (message.length !== lastMessage.length) {',
      },
    ],
  },
  {
    name: 'first-one-flushed',
    source: 'one flush for all who were written to, that finds only who came first',
    sentence: 'Of several WebSockets that are sent something at the same moment one gets it.',
    edits: [
      {
        file: 'transports/held-writes.ts',
        find: '  for (const held of all) held.release()',
        replace: '  all[0]?.release()',
      },
    ],
  },
  {
    name: 'enet-buffered-for-ever',
    source: 'bytes that are counted when they are sent, and not when they have left',
    sentence: 'Over ENet everybody becomes a slow reader after a megabyte.',
    edits: [{ file: OUTBOX, find: '    this.#bufferedBytes -= bytes\n', replace: '' }],
  },
  {
    name: 'refused-packet-kept',
    source: 'enet_peer_send does not free a packet that it refuses',
    sentence: 'What is sent to an ENet peer that has just said goodbye stays in memory.',
    edits: [
      { file: ENET, find: '    libenet.packet_destroy(packet)\n    this.#notTaken', replace: '    this.#notTaken' },
    ],
  },
  {
    name: 'cut-peer-keeps-its-seat',
    source: 'a connection that ends by a way of its own, past the place where it is forgotten',
    sentence: 'An ENet peer that was cut is gone for the program, and for ever there for its host.',
    edits: [{ file: ENET, find: '    link.host.forget(this)\n', replace: '' }],
  },
  {
    name: 'enet-answer-stays-disguised',
    source: 'transports/enet-disguise.ts: what was told is put back where it comes in',
    sentence: 'ENet never learns that its answer to a connect was acknowledged, and nobody gets in.',
    edits: [
      {
        file: 'transports/enet-disguise.ts',
        find: '    view.setUint16(at + AT_ACKNOWLEDGED_SEQUENCE, ANSWER_SEQUENCE)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'dial-deadline-goes-on',
    source: 'a deadline for dialling that is not cancelled by the answer',
    sentence: 'Every ENet connection is given up five seconds after it was dialled.',
    edits: [
      {
        file: 'transports/enet-network.ts',
        find: 'connection.whenSettled(() => deadline.cancel())',
        replace: 'connection.whenSettled(() => void deadline)',
      },
    ],
  },
]
