/** The reference model of one life of the server, told what the scenario makes of it. */
import { DEFAULT_LIMITS, type AnyApp } from '../../core/index.ts'
import type { Goals } from '../goals.ts'
import type { Checks } from '../invariants.ts'
import type { Buffers, RunningZone } from '../observer/model-state.ts'
import { ReferenceModel } from '../observer/reference-model.ts'
import { toMs, type Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'

export const REQUEST_TIMEOUT_MS = 5_000

export interface ReferenceModelSetup {
  readonly scenario: Scenario
  readonly apps: readonly SimulatedApp[]
  readonly checks: Checks
  readonly goals: Goals
  readonly buffers: Buffers | undefined
  readonly livenessTimeoutMs: number
  readonly timersLateMs: number
  /** By the server's own clock. */
  readonly bootedAtMs: number
}

export function makeReferenceModel({ scenario, apps, ...setup }: ReferenceModelSetup): ReferenceModel {
  const { disconnectTimeoutMs = 5_000 } = scenario.server
  const { steps } = scenario
  const { sessionsMax = Infinity, messagesPerSecondMax = DEFAULT_LIMITS.messagesPerSecond } = scenario.server
  const { bytesPerSecondMax = DEFAULT_LIMITS.bytesPerSecond } = scenario.server
  const { connectionsMax = Infinity, preconnectsPerAddressMax = Infinity } = scenario.server
  return new ReferenceModel({
    apps: apps.map(({ app }) => app as unknown as AnyApp),
    zones: apps.flatMap((each) => zonesOf(each)),
    routed: new Set(apps.flatMap(({ app, route }) => (route === undefined ? [] : [app.name]))),
    disconnectTimeoutMs: toMs(disconnectTimeoutMs),
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    beaconMs: scenario.server.beaconIntervalMs ?? 1_000,
    tickMs: new Map(apps.flatMap(({ app, zone: { tickMs } }) => (tickMs === undefined ? [] : [[app.name, tickMs]]))),
    sessionsMax,
    connectionsMax,
    preconnectsPerAddressMax,
    messagesPerSecondMax,
    bytesPerSecondMax,
    messageBytesMax: DEFAULT_LIMITS.messageBytes,
    anythingIsSaid: steps.some((step) => step.do === 'send_bytes'),
    allSendsAreSeen: apps.every((app) => app.sendsByZoneAlone === true),
    ...setup,
  })
}

/** The zones of an app when a server boots: the first has the app's name, as it would by default. */
export function zonesOf({ app, zones = 1 }: SimulatedApp): RunningZone[] {
  return Array.from({ length: zones }, (_, index) => {
    return { name: index === 0 ? app.name : `${app.name}-${index + 1}`, app: app.name }
  })
}
