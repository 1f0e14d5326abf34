/** What a server that has stopped must refuse. */
import { SERVER_ADDRESSES } from '../../sim/index.ts'
import type { Phase } from './run-world.ts'
import type { ScenarioWorld } from './scenario-world.ts'
import { throwing } from './simulated-npc.ts'

/** Over the healed network a connection is open by then. */
const DIAL_MS_MAX = 200

/** A server that has stopped takes neither sessions nor zones nor connections. */
export function* checkStopped(scene: ScenarioWorld): Phase {
  const { world, checks, players } = scene
  const { sessions, zones } = world.server
  const starts: readonly (readonly [string, () => void])[] = [
    ['a session', () => sessions.start({ proxy: { deliver: () => {}, closed: () => {} } })],
    ...[...players.values()].slice(0, 1).map(({ app }): [string, () => void] => {
      return ['a zone', () => zones.start(scene.zoneOf(app.app.name) as never, { name: 'too late' })]
    }),
  ]
  for (const [what, start] of starts) {
    const call: { error: string | undefined } = { error: undefined }
    throwing(call, start)
    checks.check('caller-told', call.error === 'server_stopped', () => {
      return `a server that has stopped was to start ${what}, and ${call.error === undefined ? 'did' : `threw ${call.error}`}`
    })
  }
  const stranger = [...players.values()].find(({ machine }) => machine.isUp)
  let isOpen = false
  stranger?.machine.host.network.connect(SERVER_ADDRESSES[stranger.machine.transport], {
    opened: () => (isOpen = true),
    message: () => {},
    closed: () => (isOpen = false),
  })
  yield DIAL_MS_MAX
  checks.check('stop-is-final', !isOpen, () => 'a server that has stopped has taken another connection')
}
