/** Starts the server and three players, two over WebSocket and one over ENet, and ends when one of them has won a round. */
import { createClient } from 'overworld/client'
import {
  connectionIds,
  enetNetwork,
  networkByScheme,
  systemClock,
  systemRandom,
  webSocketNetwork,
} from 'overworld/transports'
import { nameOf } from './cards.ts'
import { GameClient, type Picker, type TableView } from './game-client.ts'
import program from './program.ts'

const clock = systemClock()
const random = systemRandom()
const options = { clock, nextConnectionId: connectionIds() }
const network = networkByScheme({ ws: webSocketNetwork(options), enet: enetNetwork(options) })

// Port 0 lets the system choose.
const addresses = ['ws://127.0.0.1:0/ws', 'enet://127.0.0.1:0']
const server = program.boot({ clock, random, network, addresses })
const bound: string[] = []
await new Promise<void>((resolve) => {
  server.tap({ listening: (_number, address) => void (bound.push(address) === 2 && resolve()) })
})
const [webSocket = '', enet = ''] = bound

const players = [
  { name: 'anna', address: webSocket },
  { name: 'ben', address: webSocket },
  { name: 'cleo', address: enet },
].map(({ name, address }) => {
  const client = createClient({ address, network })
  return { client, game: new GameClient(client, name) }
})

const picker: Picker = {
  pick(items) {
    const item = items[random.uint32() % items.length]
    if (item === undefined) throw new Error('there is nothing to pick from')
    return item
  },
}

const seen = await Promise.all(
  players.map(
    ({ client, game }) =>
      new Promise<TableView>((resolve) => {
        game.onChange(() => {
          const { view } = game
          if (view?.screen === 'lobby') game.sit('oak')
          else if (view?.winner !== undefined) resolve(view)
          else game.playAny(picker)
        })
        client.connect()
      }),
  ),
)
for (const [at, { winner, top = 0, hand }] of seen.entries()) {
  const cards = hand.length === 0 ? 'no cards' : hand.map(nameOf).join(' ')
  console.log(`${players[at]?.game.name} saw ${winner} win with ${nameOf(top)}, and has ${cards}`)
}

for (const { client } of players) client.end()
await new Promise<void>((resolve) => server.stop(resolve))
