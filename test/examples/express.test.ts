/** The Express app: pages, metrics and the game on one port, and an end without loose ends. */
import { expect, test } from 'vitest'
import { createClient, nextMessage, whenConnected } from 'overworld/client'
import { arena } from 'overworld/scenarios'
import { systemClock, webSocketNetwork } from 'overworld/transports'
import { startProgram } from './program.ts'

test('pages, metrics and the game share a port', async () => {
  const program = await startProgram('examples/express/main.ts', '0')
  const get = async (path: string): Promise<string> => (await fetch(`${program.address}${path}`)).text()
  expect(await get('/')).toBe('0 in the arena')
  expect(await get('/healthz')).toBe('ok\n')

  const client = createClient({
    address: `${program.address.replace('http', 'ws')}/game`,
    network: webSocketNetwork({ clock: systemClock() }),
  })
  client.connect()
  const { id } = await whenConnected(client)
  client.app(arena).join({ handle: 'alice' })
  const { entities } = await nextMessage(client.app(arena), 'snapshot')
  expect(entities.map((entity) => entity.id)).toEqual([id])
  expect(await get('/')).toBe('1 in the arena')
  expect(await get('/metrics')).toMatch(/^overworld_zone_members 1$/m)
  client.end()
  expect(await program.stop()).toBe(0)
})
