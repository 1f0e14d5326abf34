/**
 * Networks that people have, by name: what each direction is like, and what befalls it from time to time.
 *
 * Delays are one way; a round trip is the sum of both directions. The numbers are typical ones from the sources named,
 * split between the directions in half where a source gives a round trip. A preset is the path from a device to a
 * server that is near; add `transatlantic`'s delay for one that is not.
 */
import { OverworldError } from '../core/errors.ts'
import type { LinkSettings } from './link-settings.ts'

export interface NetworkPreset {
  readonly name: string
  readonly summary: string
  /** Where its numbers come from. */
  readonly source: string
  /** Towards the server. */
  readonly up: Partial<LinkSettings>
  /** From the server. */
  readonly down: Partial<LinkSettings>
  /** What happens again and again. */
  readonly episode?: Episode
}

export interface Episode {
  /** The first begins after half of it. */
  readonly everyMs: number
  readonly lastsMs: number
  /** `'down'`: nothing passes. Otherwise what is different meanwhile. */
  readonly link: 'down' | Partial<LinkSettings>
}

/** Bits a second, as networks are sold. */
const mbps = (megabits: number): number => (megabits * 1_000_000) / 8

export const NETWORK_PRESETS: readonly NetworkPreset[] = [
  {
    name: 'lan',
    summary: 'a cable in the same building: 1 ms there and back',
    source: 'switched Ethernet: below 1 ms a round trip',
    ...both({ delayMs: 0.5 }),
  },
  {
    name: 'wifi',
    summary: 'Wi-Fi at home on a fast line: 20 ms there and back, hardly any loss',
    source: "WebPageTest profile 'FIOS' (4 ms round trip, 20/5 Mbit/s) behind some milliseconds of Wi-Fi",
    up: { delayMs: 10, jitterMs: 4, loss: 0.001, rateBytesPerSecond: mbps(5) },
    down: { delayMs: 10, jitterMs: 4, loss: 0.001, rateBytesPerSecond: mbps(20) },
  },
  {
    name: 'congested-wifi',
    summary: 'Wi-Fi in a full house: jitter, losses in bursts, and a queue that fills',
    source: "Perfecto's 'noisy network' (2 % loss), as bursts; a queue of 250 ms (bufferbloat)",
    up: {
      delayMs: 20,
      jitterMs: 18,
      distribution: 'pareto',
      loss: { p: 0.01, r: 0.4 },
      rateBytesPerSecond: mbps(1),
      limitBytes: 31_250,
    },
    down: {
      delayMs: 20,
      jitterMs: 18,
      distribution: 'pareto',
      loss: { p: 0.01, r: 0.4 },
      rateBytesPerSecond: mbps(4),
      limitBytes: 125_000,
    },
  },
  {
    name: '3g',
    summary: 'an old phone: 300 ms there and back, 1.6 Mbit/s',
    source: "WebPageTest profile '3G' (300 ms round trip, 1.6 Mbit/s and 768 kbit/s); 0.5 % loss from Loadero's '3G'",
    up: { delayMs: 150, jitterMs: 50, loss: 0.005, rateBytesPerSecond: mbps(0.768), limitPackets: 100 },
    down: { delayMs: 150, jitterMs: 50, loss: 0.005, rateBytesPerSecond: mbps(1.6), limitPackets: 100 },
  },
  {
    name: '4g',
    summary: 'a phone: 90 ms there and back',
    source: "Loadero's '4G' (45 ms, 0.2 % loss, jitter 5 and 15 ms)",
    up: { delayMs: 45, jitterMs: 15, distribution: 'normal', loss: 0.002, rateBytesPerSecond: mbps(10) },
    down: { delayMs: 45, jitterMs: 5, distribution: 'normal', loss: 0.002, rateBytesPerSecond: mbps(20) },
  },
  {
    name: '5g',
    summary: 'a new phone: 30 ms there and back',
    source: 'public 5G (non-standalone) measurements: round trips of 20 to 40 ms',
    up: { delayMs: 15, jitterMs: 5, distribution: 'normal', loss: 0.001, rateBytesPerSecond: mbps(30) },
    down: { delayMs: 15, jitterMs: 5, distribution: 'normal', loss: 0.001, rateBytesPerSecond: mbps(150) },
  },
  {
    name: 'starlink',
    summary: 'a dish: 50 ms there and back, and a change of satellite each 15 s that loses packets for a moment',
    source:
      'Huston, "Measuring Starlink Protocol Performance", NANOG 92 (slots of 15 s); losses of up to half of the packets at handovers: "A browser-side view of Starlink connectivity", IMC 2022',
    ...both({ delayMs: 25, jitterMs: 8, distribution: 'normal', loss: 0.005 }),
    episode: { everyMs: 15_000, lastsMs: 150, link: { delayMs: 60, loss: 0.5 } },
  },
  {
    name: 'transatlantic',
    summary: 'a server on the other side of the ocean: 80 ms there and back',
    source:
      'light in fibre over 6,500 km takes 32 ms; routes between New York and London have round trips of 70 to 80 ms',
    ...both({ delayMs: 40, jitterMs: 2, loss: 0.001 }),
  },
  {
    name: 'train',
    summary: 'a phone on a train: 4G, a weak signal between masts, and each half minute a tunnel of 4 s',
    source: "our own composition of '4g' and outages",
    ...both({ delayMs: 60, jitterMs: 35, distribution: 'pareto', loss: { p: 0.02, r: 0.3 } }),
    episode: { everyMs: 30_000, lastsMs: 4_000, link: 'down' },
  },
  {
    name: 'elevator',
    summary: 'a phone in and out of an elevator: each 20 s nothing for 6 s',
    source: "our own composition of '4g' and outages that are longer than a client's liveness timeout",
    ...both({ delayMs: 45, jitterMs: 10, loss: 0.002 }),
    episode: { everyMs: 20_000, lastsMs: 6_000, link: 'down' },
  },
  {
    name: 'hotel',
    summary: 'a captive portal: slow, shared, and each 45 s it swallows what is sent for 3 s',
    source: "our own composition: Perfecto's 'unstable network' (3 % loss), 512 kbit/s with a deep queue, and outages",
    ...both({
      delayMs: 80,
      jitterMs: 60,
      distribution: 'pareto',
      loss: 0.03,
      rateBytesPerSecond: mbps(0.5),
      limitBytes: 64_000,
    }),
    episode: { everyMs: 45_000, lastsMs: 3_000, link: 'down' },
  },
]

/** Throws `bad_option`, with the names that there are. */
export function findPreset(name: string): NetworkPreset {
  const preset = NETWORK_PRESETS.find((each) => each.name === name)
  if (preset !== undefined) return preset
  const known = NETWORK_PRESETS.map((each) => each.name).join(', ')
  throw new OverworldError('bad_option', `there is no network preset '${name}'; there are ${known}`)
}

function both(link: Partial<LinkSettings>): {
  readonly up: Partial<LinkSettings>
  readonly down: Partial<LinkSettings>
} {
  return { up: link, down: link }
}
