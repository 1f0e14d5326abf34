/** A zone tested in the simulator: the coin race of `../coin-race`, on networks that break, without real time. */
import { expect, test } from 'vitest'
import { simulate, type World } from 'overworld/sim'
import { coinRace, raceZone } from '../coin-race/coin-race.ts'
import { playRace } from '../coin-race/runner.ts'

const race = (seed: number): World => simulate({ seed, apps: [coinRace], zones: [raceZone] })

test('both players see the same winner, whatever the network does', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const world = race(seed)
    const winners: string[] = []
    const bad = { delayMs: 60, jitterMs: 40, loss: 0.1 }
    const anna = world.client('anna', { link: bad })
    const ben = world.client('ben', { link: bad, transport: 'enet' })
    playRace(anna.client, 'anna', (winner) => winners.push(winner))
    playRace(ben.client, 'ben', (winner) => winners.push(winner))
    world.advance(1_000)
    anna.reset()
    ben.drop(2_000)
    expect(
      world.advanceUntil(() => winners.length === 2, 300_000),
      `seed ${seed}`,
    ).toBe(true)
    expect(winners[0], `seed ${seed}`).toBe(winners[1])
  }
})

test('who is away for three seconds keeps the coins, who is away for longer is out of the race', () => {
  const world = race(1)
  const anna = world.client('anna')
  playRace(anna.client, 'anna', () => {})
  const coins = watchCoins(world, 'anna')
  world.advance(1_000)
  expect(coins()).toBeGreaterThan(0)

  anna.reset()
  world.advance(50)
  anna.drop(3_000)
  world.advance(2_000)
  const held = coins()
  expect(world.server.stats().sessionsDisconnected).toBe(1)
  expect(world.advanceUntil(() => world.server.stats().sessionsResumedTotal === 1)).toBe(true)
  expect(coins()).toBe(held)

  anna.kill({ connections: 'reset' })
  world.advance(6_000)
  expect(coins()).toBeUndefined()
})

test('a race with the same seed is the same race', () => {
  const play = (seed: number): string => {
    const world = race(seed)
    playRace(world.client('anna').client, 'anna', () => {})
    playRace(world.client('ben').client, 'ben', () => {})
    world.advance(10_000)
    return world.fingerprint
  }
  expect(play(7)).toBe(play(7))
  expect(play(7)).not.toBe(play(8))
})

/** Somebody who stands still and watches how many coins `name` has; undefined: it is not in the race. */
function watchCoins(world: World, name: string): () => number | undefined {
  const { client } = world.client('watcher')
  let coins: number | undefined
  client.on('session', ({ zone }) => zone ?? client.app(coinRace).join({ name: 'watcher' }))
  client.app(coinRace).on('board', ({ players }) => {
    coins = players.find((player) => player.name === name)?.coins
  })
  client.connect()
  return () => coins
}
