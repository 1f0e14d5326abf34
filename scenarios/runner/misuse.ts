/** What the game's own code must not do: each throws at once, says why, and changes nothing. */
import { messageNamesOf } from '../../core/app/codec.ts'
import { protocol, type App, type Schema, type Server, type Session, type TypedZone } from '../../core/index.ts'
import type { MisuseCall } from '../observer/observation.ts'
import type { Misuse } from '../scenario.ts'
import type { ScenarioWorld } from './scenario-world.ts'
import { throwing } from './simulated-npc.ts'
import type { SimulatedPlayer } from './simulated-player.ts'

/** Nothing happens where there is nothing to misuse at the moment. */
export function misuse(how: Misuse, scene: ScenarioWorld, player: SimulatedPlayer): void {
  scene.withSession(player.name, (session) => {
    const act = actOf(how, scene, player, session)
    if (act === undefined) return
    const call: MisuseCall = { kind: 'misuse', how, session: session.id, error: undefined }
    scene.call(call, () => throwing(call, act))
  })
}

function actOf(how: Misuse, scene: ScenarioWorld, player: SimulatedPlayer, session: Session): (() => void) | undefined {
  // As the server has it: the client's may be of another version.
  const { app } = scene.app(player.app.app.name)
  const { server } = scene.world
  const zone = server.zones.list(app)[0]
  const stopped = scene.stoppedZone(app.name)
  const foreign = server.zones.list().find((each) => each.app !== app)
  const definition = scene.zoneOf(app.name)
  const message = player.joinMessage
  switch (how) {
    case 'negative_timeout':
      return () => (session.disconnectTimeout = -1)
    case 'foreign_serializer':
      return () => (session.serializer = undefined)
    case 'unknown_app':
      return () => session.join(protocol, {} as never)
    case 'unknown_message':
      return () => sendBadly(session, app)
    case 'negative_delay':
      return zone && (() => zone.setTimer(-1, () => {}))
    case 'take_zone_name':
      return zone && definition && (() => server.zones.start(definition as never, { name: zone.name }))
    case 'tell_stopped_zone':
      return stopped && (() => (stopped as TypedZone<Schema, unknown>).tell({}))
    case 'join_stopped_zone':
      return stopped && (() => session.join(app, message as never, stopped))
    case 'join_foreign_zone':
      return foreign && (() => session.join(app, message as never, foreign))
    case 'use_provisional': {
      const provisional = findProvisional(server)
      return provisional && (() => (provisional.proxy = scene.receiver().proxy))
    }
    case 'use_closed_connection': {
      const closed = scene.connectionOnceOf(player.name, session)
      return closed && (() => (session.proxy = closed))
    }
  }
}

/** A session that its client has not requested yet. */
function findProvisional(server: Server): Session | undefined {
  for (const session of server.sessions) if (session.status === 'preconnect') return session
  return undefined
}

/** Throws as long as each of these throws. */
function sendBadly(session: Session, app: App<Schema>): void {
  const type = (messageNamesOf(app.schema) ?? []).find((name) => name !== 'join' && name !== 'part')
  const attempts = [
    (): void => session.send(app, 'no_such_message' as never, {}),
    ...(type === undefined ? [] : [(): void => session.send(app, type as never, { no_such_field: 1 } as never)]),
  ]
  let first: unknown
  for (const attempt of attempts) {
    try {
      attempt()
      return
    } catch (error) {
      first ??= error
    }
  }
  throw first
}
