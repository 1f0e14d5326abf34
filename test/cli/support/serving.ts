/** `overworld serve` on free ports, for tests that talk to it. */
import { RunningCommand } from './command.ts'

export interface Serving {
  readonly command: RunningCommand
  /** `ws://127.0.0.1:…/ws` */
  readonly ws: string
  /** `enet://127.0.0.1:…` */
  readonly enet: string
  /** `http://127.0.0.1:…` */
  readonly http: string
}

export async function startServing(...options: readonly string[]): Promise<Serving> {
  const command = new RunningCommand(['serve', '--ws-port', '0', '--enet-port', '0', ...options])
  const [, ws = ''] = await command.printed(/^listening on (ws:\S+)$/m)
  const [, enet = ''] = await command.printed(/^listening on (enet:\S+)$/m)
  return { command, ws, enet, http: ws.replace('ws:', 'http:').replace('/ws', '') }
}
