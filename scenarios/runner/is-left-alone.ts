/**
 * Whether nothing in a scenario can break a client's connections without a word: neither its links, nor the hosts at
 * their ends, nor buffers that are too small for a goodbye. What the server closes then, the client hears closed.
 */
import type { LinkSettings } from '../../sim/index.ts'
import { DEFAULT_LINK, type ClientSetup, type Scenario, type Step } from '../scenario.ts'

/** A goodbye is given a second: there and back must fit into it several times. */
const DELAY_MS_MAX = 100
const HARMLESS: ReadonlySet<string> = new Set(['delayMs', 'jitterMs', 'distribution', 'correlation'])

export function isLeftAlone(scenario: Scenario, { name, preset, link, downlink, driftPpm = 0 }: ClientSetup): boolean {
  const isOnCleanLinks = preset === undefined && isClean({ ...DEFAULT_LINK, ...link }) && isClean(downlink ?? {})
  const hasRoom = scenario.server.bufferBytes === undefined
  return isOnCleanLinks && hasRoom && driftPpm === 0 && !scenario.steps.some((step) => canBreak(step, name))
}

function isClean(link: Partial<LinkSettings>): boolean {
  const { delayMs = 0, jitterMs = 0 } = link
  return delayMs + jitterMs <= DELAY_MS_MAX && Object.keys(link).every((setting) => HARMLESS.has(setting))
}

function canBreak(step: Step, client: string): boolean {
  switch (step.do) {
    case 'mass_disconnect':
    case 'crash':
    // A server that has drained or stopped ends, with whatever is open then.
    case 'drain':
    case 'stop_server':
      return true
    case 'pause':
    case 'drift':
    case 'clock_jump':
    case 'late_timers':
      return step.host === 'server' || step.host === client
    case 'partition':
      return step.clients.includes(client)
    case 'cut':
    case 'clog':
    case 'reset':
    case 'half_close':
    case 'half_open':
    case 'rebind':
    case 'link':
    case 'slow_reader':
    case 'reload':
    case 'oddity':
      return step.client === client
    default:
      return false
  }
}
