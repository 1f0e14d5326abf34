/** The card room of `examples/lobby-and-tables` in a simulated world: its own program, and clients that are its own model. */
import type { LiveZone, Server, Session } from 'overworld'
import { simulate, type SimulatedClient, type SimulatedClientOptions, type World } from 'overworld/sim'
import { lobbyApp, tableApp } from '../../../examples/lobby-and-tables/apps.ts'
import { GameClient, type View } from '../../../examples/lobby-and-tables/game-client.ts'
import type { LobbyState } from '../../../examples/lobby-and-tables/lobby-zone.ts'
import program from '../../../examples/lobby-and-tables/program.ts'
import type { TableState } from '../../../examples/lobby-and-tables/table-state.ts'
import { lobbyViewOf, tableViewOf } from '../../../examples/lobby-and-tables/truth.ts'

export interface Player {
  readonly simulated: SimulatedClient
  /** The model of its program's present life. */
  readonly game: GameClient
}

export interface CardRoom {
  readonly world: World
  /** `play` runs each 700 ms while the program lives. `host`: the name of the machine, by default that of the player. */
  player(name: string, play?: (game: GameClient) => void, options?: SimulatedClientOptions, host?: string): Player
  table(name: string): TableState
  /** What the player of this client should see. */
  truth(player: Player): View | undefined
}

export function cardRoom(seed: number): CardRoom {
  const world = simulate({
    seed,
    apps: program.apps,
    boot: (_program, parts) => program.boot(parts),
  })
  return {
    world,
    player(name, play = () => undefined, options = {}, host = name) {
      let game: GameClient | undefined
      const simulated = world.client(host, {
        ...options,
        program(client, life) {
          const model = new GameClient(client, name)
          game = model
          const again = (): void => {
            play(model)
            life.clock.setTimer(700, again)
          }
          life.clock.setTimer(700, again)
        },
      })
      return {
        simulated,
        get game() {
          if (game === undefined) throw new Error(`the program of ${name} has not booted`)
          return game
        },
      }
    },
    table: (name) => (world.server.zones.find(tableApp, name) as LiveZone).state as TableState,
    truth({ simulated }) {
      const session = sessionOf(world.server, simulated)
      const zone = session?.zone as LiveZone | undefined
      if (session === undefined || zone === undefined) return undefined
      return zone.app === lobbyApp
        ? lobbyViewOf(zone.state as LobbyState, session)
        : tableViewOf(zone.state as TableState, session)
    },
  }
}

function sessionOf(server: Server, { client }: SimulatedClient): Session | undefined {
  return client.sessionId === undefined ? undefined : server.sessions.get(client.sessionId)
}
