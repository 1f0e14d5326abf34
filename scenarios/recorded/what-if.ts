/** The same clients over other links, and with other luck. */
import { findPreset, type LinkSettings } from '../../sim/index.ts'
import { OverworldError } from '../../core/index.ts'
import type { ClientSetup, Scenario, Step } from '../scenario.ts'

export interface WhatIf {
  /** A network by name, for everybody. */
  readonly preset?: string
  /** What is different from that, or from a link without faults. */
  readonly link?: Partial<LinkSettings>
  /** Nothing reaches anybody for a while. */
  readonly outages?: readonly Outage[]
  readonly seed?: number
  /**
   * The server is given the random values that were recorded, as long as the history is the recorded one. False: it draws all of
   * them from the seed. Default true. Only where the scenario has a `history`.
   */
  readonly keepRandom?: boolean
}

export interface Outage {
  readonly atMs: number
  readonly forMs: number
}

/** Throws `bad_option` for a network that does not exist, or that cannot be changed. */
export function withWhatIf(scenario: Scenario, { keepRandom = true, ...whatIf }: WhatIf): Scenario {
  const { preset, link = {}, outages = [], seed } = whatIf
  const links = linksOf(preset, link)
  const everybody = scenario.clients.map(({ name }) => name)
  const cuts = outages.map(({ atMs, forMs }): Step => ({ atMs, do: 'partition', clients: everybody, forMs }))
  const steps = [...scenario.steps, ...cuts].sort((a, b) => a.atMs - b.atMs)
  const endMs = Math.max(scenario.durationMs, ...outages.map(({ atMs, forMs }) => atMs + forMs))
  const { history, ...rest } = scenario
  return {
    ...rest,
    ...(keepRandom && history !== undefined && { history }),
    seed: seed ?? scenario.seed,
    durationMs: endMs,
    clients: scenario.clients.map((client) => withLinks(client, links)),
    steps,
  }
}

type Links = Pick<ClientSetup, 'preset' | 'link' | 'downlink'>

function linksOf(preset: string | undefined, link: Partial<LinkSettings>): Links {
  const isChanged = Object.keys(link).length > 0
  if (preset === undefined) return isChanged ? { link } : {}
  const { up, down, episode } = findPreset(preset)
  if (!isChanged) return { preset }
  if (episode === undefined) return { link: { ...up, ...link }, downlink: { ...down, ...link } }
  throw new OverworldError('bad_option', `network '${preset}' changes by itself: it cannot be changed as well`)
}

function withLinks(client: ClientSetup, links: Links): ClientSetup {
  if (Object.keys(links).length === 0) return client
  const { preset: _preset, link: _link, downlink: _downlink, ...rest } = client
  return { ...rest, ...links }
}
