/**
 * What the messages of clients say, and who they are for: the session protocol, or the zone of the session. Decoding comes first,
 * then the status (design section 7). Nothing that a peer sends ever throws from here.
 */
import type { AnyApp } from '../app/app.ts'
import { readPrefix, type DecodedMessage } from '../app/codec.ts'
import {
  decodeClientMessage,
  protocol,
  PROTOCOL_PREFIX,
  type ClientMessage,
  type DenialReason,
  type SessionRequest,
} from '../protocol.ts'
import type { Undecodable } from '../report.ts'
import { findSkewed } from '../schema-announcement.ts'
import type { Counters } from '../stats.ts'
import type { Shell } from '../turns/shell.ts'
import type { ClientLink, LinkOwner } from './client-link.ts'

export interface ReaderParts {
  readonly shell: Shell
  readonly counters: Counters
  /** By prefix. */
  readonly apps: ReadonlyMap<number, AnyApp>
  handleRequest(link: ClientLink, session: LinkOwner, request: SessionRequest): void
  /** A message for the zone of `session`; what it is denied for comes back. */
  handleForZone(session: LinkOwner, app: AnyApp, type: string, message: object): DenialReason | undefined
  /** Only the first of its kind for each app. */
  reportUndecodable(report: Undecodable): void
}

export class MessageReader {
  readonly #parts: ReaderParts

  constructor(parts: ReaderParts) {
    this.#parts = parts
  }

  read(link: ClientLink, session: LinkOwner, bytes: Uint8Array): void {
    const { counters } = this.#parts
    const prefix = readPrefix(bytes)
    if (prefix === PROTOCOL_PREFIX) {
      const message = decodeClientMessage(bytes)
      if (message === 'malformed') this.#malformed(link)
      else if (message === 'empty') counters.emptyMessageTotal++
      else if (message === undefined) counters.unexpectedMessageTotal++
      else {
        this.#tellDecoded(link, session, protocol, message)
        this.#handleProtocol(link, session, message)
      }
      return
    }
    if (prefix === undefined) {
      this.#malformed(link)
      return
    }
    const app = this.#parts.apps.get(prefix)
    if (app === undefined) {
      counters.unknownPrefixTotal++
      return
    }
    const message = app.codec.decode(bytes)
    if (message === 'malformed') this.#handleMalformed(link, session, app)
    else if (message === 'empty') this.#handleUnknown(link, session, app)
    else if (!app.handled.has(message.type)) counters.unexpectedMessageTotal++
    else this.#handleApp(link, session, app, message)
  }

  #handleProtocol(link: ClientLink, session: LinkOwner, message: ClientMessage): void {
    switch (message.type) {
      case 'session_request':
        this.#handleRequest(link, session, message.message)
        return
      case 'session_ping':
        if (session.status === 'connected') session.ping(message.message.id)
        else session.apply('other_message')
        return
    }
  }

  #handleRequest(link: ClientLink, session: LinkOwner, request: SessionRequest): void {
    if (request.schemas.length > 0) {
      const skewed = findSkewed(request.schemas, this.#parts.apps)
      if (skewed === 'malformed') {
        this.#malformed(link)
        return
      }
      link.skewed = skewed
    }
    this.#parts.handleRequest(link, session, request)
  }

  #handleApp(link: ClientLink, session: LinkOwner, app: AnyApp, decoded: DecodedMessage): void {
    const { type, message } = decoded
    this.#tellDecoded(link, session, app, decoded)
    if (session.status !== 'connected') {
      session.apply('other_message')
      return
    }
    const denial = this.#parts.handleForZone(session, app, type, message)
    if (denial !== undefined) link.deny(denial)
  }

  /**
   * A client with another version of the schema is not thrown out for what it cannot know: its message is ignored. It was
   * told that it is skewed, and its messages count against the limit like all others.
   */
  #handleMalformed(link: ClientLink, session: LinkOwner, app: AnyApp): void {
    this.#reportUndecodable(link, session, app, 'malformed')
    if (!isSkewed(link, app)) this.#malformed(link)
  }

  #handleUnknown(link: ClientLink, session: LinkOwner, app: AnyApp): void {
    this.#parts.counters.emptyMessageTotal++
    this.#reportUndecodable(link, session, app, 'unknown_message')
  }

  #reportUndecodable(link: ClientLink, session: LinkOwner, app: AnyApp, why: Undecodable['why']): void {
    this.#parts.counters.undecodableTotal++
    this.#parts.reportUndecodable({ kind: 'undecodable', app, session, why, isSkewed: isSkewed(link, app) })
  }

  #malformed(link: ClientLink): void {
    this.#parts.counters.malformedTotal++
    link.fail('bad_input', 'malformed message')
  }

  #tellDecoded(link: ClientLink, session: LinkOwner, app: AnyApp, { type, message }: DecodedMessage): void {
    const { taps } = this.#parts.shell
    if (taps.isOn) taps.emit.decoded(link.connection.number, session, app, type, message)
  }
}

/** Whether the client has announced another version of the app's schema. */
function isSkewed({ skewed }: ClientLink, { prefix }: AnyApp): boolean {
  return skewed?.includes(prefix) === true
}
