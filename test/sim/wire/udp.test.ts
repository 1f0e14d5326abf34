/** The simulated UDP. Links take 10 ms each way. */
import { expect, test } from 'vitest'
import type { UdpSocket } from '../../../sim/wire/index.ts'
import { WireStacks } from './wire-stacks.ts'

async function bound(world: WireStacks, who: 'server' | 'client', port = 0): Promise<UdpSocket> {
  const socket = world.stacksOf(world[who]).udp.createSocket()
  socket.on('message', (bytes: Uint8Array, from: { address: string; port: number }) => {
    const text = bytes.length > 40 ? `${bytes.length} bytes` : new TextDecoder().decode(bytes)
    world.diary.push(`${world.nowMs} ${who} ${text} from ${from.address}`)
  })
  socket.on('error', (error: Error & { code?: string }) => world.diary.push(`${who} ${error.code}`))
  socket.bind(port)
  await world.advance(1)
  return socket
}

function say(socket: UdpSocket, bytes: Uint8Array | string, port: number, host: string): void {
  const message = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
  socket.send(message, 0, message.length, port, host)
}

test('a datagram arrives after one crossing and says where it came from; the answer finds its way back', async () => {
  const world = new WireStacks()
  const server = await bound(world, 'server', 4483)
  const client = await bound(world, 'client')
  server.on('message', (_: Uint8Array, from: { address: string; port: number }) =>
    say(server, 'you', from.port, from.address),
  )
  say(client, 'hello', 4483, world.server.address)
  await world.advance(100)
  expect(world.diary).toEqual([
    `12 server hello from ${world.client.address}`,
    `22 client you from ${world.server.address}`,
  ])
})

test('a port is taken once, and free again when its socket is closed', async () => {
  const world = new WireStacks()
  const first = await bound(world, 'server', 4483)
  await bound(world, 'server', 4483)
  expect(world.diary).toEqual(['server EADDRINUSE'])
  first.close()
  await bound(world, 'server', 4483)
  expect(world.diary).toEqual(['server EADDRINUSE'])
})

test('a large datagram is sent in fragments, and lost if one of them is', async () => {
  const world = new WireStacks()
  await bound(world, 'server', 4483)
  const client = await bound(world, 'client')
  const uplink = world.network.paths.link(world.client, world.server)
  say(client, new Uint8Array(5000), 4483, 'server')
  await world.advance(100)
  expect(uplink.packetCount).toBe(4)
  uplink.addRule({ judge: ({ ordinal }) => (ordinal === 6 ? -1 : 0) })
  say(client, new Uint8Array(5000), 4483, 'server')
  await world.advance(100)
  expect(world.diary).toEqual([`12 server 5000 bytes from ${world.client.address}`])
})

test('where fragments are not wanted, a large datagram is dropped', async () => {
  const world = new WireStacks({ whenTooLarge: 'drop' })
  await bound(world, 'server', 4483)
  const client = await bound(world, 'client')
  say(client, new Uint8Array(1500), 4483, 'server')
  say(client, new Uint8Array(1400), 4483, 'server')
  await world.advance(100)
  expect(world.diary).toEqual([`12 server 1400 bytes from ${world.client.address}`])
})

test('after a change of address datagrams come from the new one, and what is sent to the old one is lost', async () => {
  const world = new WireStacks()
  const server = await bound(world, 'server', 4483)
  const client = await bound(world, 'client')
  const before = world.client.address
  world.client.changeAddress('10.9.9.9')
  say(client, 'moved', 4483, 'server')
  say(server, 'still there?', client.address().port, before)
  await world.advance(100)
  expect(world.diary).toEqual(['12 server moved from 10.9.9.9'])
})

test('what comes while the program stands still waits in the buffer, and is dropped once that is full', async () => {
  const world = new WireStacks({ enet: { receiveBufferBytes: 3500 } })
  await bound(world, 'server', 4483)
  const client = await bound(world, 'client')
  world.server.pause({ durationMs: 500 })
  for (let i = 0; i < 5; i++) say(client, new Uint8Array(1000), 4483, 'server')
  await world.advance(1000)
  expect(world.diary).toHaveLength(3)
  expect(world.diary[0]).toContain('502 server 1000 bytes')
})

test('a slow reader of one conversation hears it later, and a conversation that was cut not at all', async () => {
  const world = new WireStacks()
  const server = await bound(world, 'server', 4483)
  const client = await bound(world, 'client')
  say(client, 'hello', 4483, 'server')
  await world.advance(20)
  const [flow] = world.network.connectionsOf(world.client)
  flow?.setReading('client', false)
  say(server, 'later', client.address().port, world.client.address)
  await world.advance(100)
  expect(world.diary.filter((line) => line.includes('later'))).toEqual([])
  flow?.setReading('client', true)
  await world.advance(1)
  expect(world.diary.filter((line) => line.includes('later'))).toHaveLength(1)
  flow?.halfOpen()
  say(server, 'never', client.address().port, world.client.address)
  say(client, 'never', 4483, 'server')
  await world.advance(100)
  expect(world.diary.filter((line) => line.includes('never'))).toEqual([])
})

test('what is sent before a socket is bound leaves once it is, from its port', async () => {
  const world = new WireStacks()
  const server = await bound(world, 'server', 4483)
  const ports: number[] = []
  server.on('message', (_: Uint8Array, from: { port: number }) => ports.push(from.port))
  const client = world.stacksOf(world.client).udp.createSocket()
  client.bind(5000)
  say(client, 'while binding', 4483, 'server')
  const another = world.stacksOf(world.client).udp.createSocket()
  say(another, 'unbound', 4483, 'server')
  say(another, 'twice', 4483, 'server')
  await world.advance(100)
  expect(ports).toEqual([5000, another.address().port, another.address().port])
  expect(another.address().port).toBeGreaterThan(0)
})

test('more than a datagram can carry is an error of the socket, or of who asks to be told', async () => {
  const world = new WireStacks()
  const client = await bound(world, 'client')
  say(client, new Uint8Array(65_508), 4483, 'server')
  await world.advance(1)
  expect(world.diary).toEqual(['client EMSGSIZE'])
  client.send(new Uint8Array(65_508), 0, 65_508, 4483, 'server', (error) => world.diary.push(`told ${error?.message}`))
  await world.advance(1)
  expect(world.diary.slice(1)).toEqual(['told send EMSGSIZE'])
})

test('a fragment that comes twice is no second datagram', async () => {
  const world = new WireStacks({ links: { delayMs: 10, duplicate: 1 } })
  await bound(world, 'server', 4483)
  const client = await bound(world, 'client')
  say(client, new Uint8Array(5000), 4483, 'server')
  say(client, 'twice', 4483, 'server')
  await world.advance(100)
  const whole = `12 server 5000 bytes from ${world.client.address}`
  const twice = `12 server twice from ${world.client.address}`
  expect(world.diary).toEqual([whole, twice, twice])
})
