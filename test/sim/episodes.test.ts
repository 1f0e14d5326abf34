/** What befalls the network of a preset now and then, and how it ends. */
import { expect, test } from 'vitest'
import { NETWORK_PRESETS, simulate, type SimulatedClient, type World } from 'overworld/sim'
import { chat, chatZone } from 'overworld/scenarios'

const withEpisodes = NETWORK_PRESETS.filter(({ episode }) => episode !== undefined).map(
  (preset) => [preset.name, preset] as const,
)

function start(preset: string): { readonly world: World; readonly alice: SimulatedClient } {
  const world = simulate({ seed: 1, apps: [chat], zones: [chatZone] })
  return { world, alice: world.client('alice', { preset }) }
}

test.each(withEpisodes)('%s: endEpisodes ends one that is under way, and none comes afterwards', (name, preset) => {
  const { world, alice } = start(name)
  const { everyMs, lastsMs, link } = preset.episode ?? { everyMs: 0, lastsMs: 0, link: 'down' }
  const before = [alice.uplink.settings, alice.downlink.settings]
  world.advance(everyMs / 2 + lastsMs / 2)
  const { uplink } = alice
  expect(link === 'down' ? { isDown: uplink.isDown } : uplink.settings).toMatchObject(
    link === 'down' ? { isDown: true } : link,
  )
  for (const afterMs of [0, lastsMs, everyMs]) {
    alice.endEpisodes()
    world.advance(afterMs)
    expect([alice.uplink.settings, alice.downlink.settings]).toEqual(before)
    expect(alice.uplink.isDown || alice.downlink.isDown).toBe(false)
  }
})

test.each(withEpisodes)('%s: an episode ends by itself, and the next one comes', (name, preset) => {
  const { world, alice } = start(name)
  const { everyMs, lastsMs } = preset.episode ?? { everyMs: 0, lastsMs: 0 }
  const isTroubled = (): boolean => alice.uplink.isDown || alice.uplink.settings.loss !== (preset.up.loss ?? 0)
  world.advance(everyMs / 2 + lastsMs + 1)
  expect(isTroubled()).toBe(false)
  world.advance(everyMs - lastsMs)
  expect(isTroubled()).toBe(true)
})

test('another preset ends the episodes of the one before', () => {
  const { world, alice } = start('starlink')
  world.advance(7_600)
  alice.usePreset('lan')
  const settings = alice.uplink.settings
  world.advance(60_000)
  expect(alice.uplink.settings).toEqual(settings)
})
