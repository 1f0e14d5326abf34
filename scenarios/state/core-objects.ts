/**
 * Objects of the core that a zone's state may hold: sessions, zones, connections, a server and its parts, a client, an app.
 * They are no part of the state: the tools of this folder neither wrap them nor look inside.
 */
import { Client } from '../../core/client/client.ts'
import { Link } from '../../core/connection/link.ts'
import { ServerCore } from '../../core/server.ts'
import { ClientLink } from '../../core/session/client-link.ts'
import { SessionCore } from '../../core/session/session.ts'
import { SessionRegistry } from '../../core/session/sessions.ts'
import { Shell } from '../../core/turns/shell.ts'
import { Zone } from '../../core/zone/zone.ts'
import { ZoneRegistry } from '../../core/zone/zones.ts'

const PROTOTYPES: ReadonlySet<object> = new Set(
  [SessionCore, Zone, ClientLink, Link, ServerCore, SessionRegistry, ZoneRegistry, Shell, Client].map(
    (core) => core.prototype as object,
  ),
)

export function isCoreObject(value: object): boolean {
  let prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === Object.prototype) return isApp(value)
  for (; prototype !== null; prototype = Object.getPrototypeOf(prototype) as object | null) {
    if (PROTOTYPES.has(prototype)) return true
  }
  return false
}

/** `session 17`, `zone 'oak'`, or a short word for any other object of the core. */
export function coreObjectInWords(value: object): string {
  if (value instanceof SessionCore) return `session ${value.id}`
  if (value instanceof Zone) return `zone '${value.name}'`
  if (value instanceof ServerCore) return 'the server'
  if (value instanceof Client) return 'a client'
  return isApp(value) ? `app '${value.name}'` : 'an object of the server'
}

/** Apps have no class: `defineApp` makes frozen objects. */
function isApp(value: object): value is { readonly name: string } {
  return Object.isFrozen(value) && 'deliveryOf' in value && 'codec' in value && 'prefix' in value
}
