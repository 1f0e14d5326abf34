/**
 * A `session_request`: the facts are collected, a guard says which event it is, and the session to which that event belongs gets
 * it. A request with a token takes the same path.
 */
import { assert } from '../errors.ts'
import type { SessionRequest } from '../protocol.ts'
import type { ClientLink, LinkOwner } from './client-link.ts'
import { requestEvent, type Admission } from './guards.ts'

export interface RequestParts {
  /** The session of a valid token. */
  findOwner(token: Uint8Array): LinkOwner | undefined
  /** Whether the server takes a new session at `link`, and which session in grace must end for it. */
  admissionFor(link: ClientLink): { readonly admission: Admission; readonly giver?: LinkOwner | undefined }
  /** `link` serves `session`, which its client has requested. */
  placed(session: LinkOwner, link: ClientLink): void
}

export function handleRequest(
  parts: RequestParts,
  link: ClientLink,
  session: LinkOwner,
  { reconnect_token: token, attempt }: SessionRequest,
): void {
  const owner = token === undefined ? undefined : parts.findOwner(token)
  const { admission, giver } = parts.admissionFor(link)
  const event = requestEvent({
    status: session.status,
    hasToken: token !== undefined && token.length > 0,
    isKnown: owner !== undefined,
    isLate: owner?.isLate(attempt) === true,
    badTokensBefore: link.badTokens,
    admission,
  })
  switch (event) {
    case 'request_new':
      giver?.apply('place_given')
      session.start(event, attempt)
      parts.placed(session, link)
      return
    case 'request_repeated':
      session.start(event, attempt)
      return
    case 'request_resume':
      assert(owner !== undefined && token !== undefined, 'a resume without a token')
      owner.resume(link, session, token, attempt)
      return
    case 'request_bad_token':
    case 'request_bad_token_last':
      link.badTokens++
      session.apply(event)
      return
    default:
      session.apply(event)
  }
}
