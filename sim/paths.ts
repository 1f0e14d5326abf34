/**
 * Who can reach whom, and how: the hosts of a world by name and address, a link for each direction of each pair, and
 * the faults that befall links: outages, partitions of groups, clogging.
 */
import { OverworldError } from '../core/errors.ts'
import { checkVirtualMs } from './virtual-time.ts'
import type { Ground } from './ground.ts'
import type { Host } from './host.ts'
import { Link } from './link.ts'
import { checkLinkSettings, CLEAN_LINK, type LinkSettings } from './link-settings.ts'
import { TraceKind } from './trace.ts'

/** Something that is broken until it is healed. Healing twice does nothing. */
export interface Outage {
  heal(): void
}

export class Paths {
  readonly #ground: Ground
  readonly #hosts = new Map<string, Host>()
  readonly #links = new Map<string, Link>()
  #defaults: Partial<LinkSettings>

  constructor(ground: Ground, defaults: Partial<LinkSettings>) {
    checkLinkSettings({ ...CLEAN_LINK, ...defaults })
    this.#ground = ground
    this.#defaults = defaults
  }

  /** In the order of their making. */
  get hosts(): readonly Host[] {
    return [...this.#hosts.values()]
  }

  get links(): readonly Link[] {
    return [...this.#links.values()]
  }

  addHost(host: Host): void {
    if (this.#hosts.has(host.name)) {
      throw new OverworldError('bad_option', `there is a host "${host.name}" already: choose another name`)
    }
    this.#hosts.set(host.name, host)
  }

  /** By name, or by address (of several behind one NAT, the first). */
  findHost(nameOrAddress: string): Host | undefined {
    const host = this.#hosts.get(nameOrAddress)
    if (host !== undefined) return host
    for (const each of this.#hosts.values()) if (each.address === nameOrAddress) return each
    return undefined
  }

  /** The direction from one host to another. What a host says to itself crosses a link that stays clean by default. */
  link(from: Host, to: Host): Link {
    const name = `${from.name}>${to.name}`
    let link = this.#links.get(name)
    if (link === undefined) {
      link = new Link(name, this.#ground.streams, from === to ? {} : this.#defaults)
      this.#links.set(name, link)
    }
    return link
  }

  /** Changes what is given on every link between different hosts, those that are yet to come included. */
  setAll(settings: Partial<LinkSettings>): void {
    this.#defaults = { ...this.#defaults, ...settings }
    for (const link of this.#linksBetweenHosts()) link.set(settings)
    this.#record('links changed')
  }

  /** Every link as the world began: `settings` on top of clean ones, and nothing clogged. Outages stay. */
  resetAll(settings: Partial<LinkSettings> = {}): void {
    this.#defaults = settings
    for (const link of this.#linksBetweenHosts()) {
      link.reset(settings)
      link.unclog()
    }
    this.#record('links reset')
  }

  /** Nothing passes from one group to the other; `one-way`: only what the first sends is lost. */
  partition(from: readonly Host[], to: readonly Host[], direction: 'both' | 'one-way' = 'both'): Outage {
    const links: Link[] = []
    for (const a of from) {
      for (const b of to) {
        if (a === b) continue
        links.push(this.link(a, b))
        if (direction === 'both') links.push(this.link(b, a))
      }
    }
    return this.takeDown(links)
  }

  takeDown(links: readonly Link[]): Outage {
    const names = links.map(({ name }) => name).join(' ')
    this.#record(`down ${names}`)
    for (const link of links) link.down()
    let isHealed = false
    return {
      heal: () => {
        if (isHealed) return
        isHealed = true
        this.#record(`up ${names}`)
        for (const link of links) link.up()
      },
    }
  }

  /** What is sent within the next `durationMs` waits until they have passed, then starts on its way in order. */
  clog(links: readonly Link[], durationMs: number): void {
    checkVirtualMs('clog', durationMs)
    this.#record(`clogged ${links.map(({ name }) => name).join(' ')}`)
    const untilUs = this.#ground.queue.nowUs + Math.ceil(durationMs * 1000)
    for (const link of links) link.clog(untilUs)
  }

  *#linksBetweenHosts(): Iterable<Link> {
    for (const from of this.#hosts.values()) {
      for (const to of this.#hosts.values()) {
        const link = from === to ? undefined : this.#links.get(`${from.name}>${to.name}`)
        if (link !== undefined) yield link
      }
    }
  }

  #record(text: string): void {
    this.#ground.trace.record(TraceKind.fault, 0, 0, 0, undefined, text)
  }
}
