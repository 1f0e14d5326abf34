/** `overworld/sim`: the simulated world. */
export { EventQueue, QueuedEvent, ReusableEvent, type EventHandle } from './event-queue.ts'
export { createGround, type Ground, type GroundOptions } from './ground.ts'
export { streams, RandomStream, type RandomStreams } from './random-streams.ts'
export { Fingerprint, type FingerprintState } from './fingerprint.ts'
export {
  firstTraceDifference,
  formatTraceRecord,
  Trace,
  TraceKind,
  type TraceDifference,
  type TraceOptions,
  type TraceRecord,
} from './trace.ts'
export {
  Host,
  type ConnectionsAtCrash,
  type Fabric,
  type HostLife,
  type HostOptions,
  type HostProgram,
  type HostStatus,
  type PauseOptions,
} from './host.ts'
export { MessageNetwork, type MessageNetworkOptions } from './message-network.ts'
export { Paths, type Outage } from './paths.ts'
export { Link } from './link.ts'
export {
  checkLinkSettings,
  CLEAN_LINK,
  type GilbertElliottLoss,
  type LinkSettings,
  type RandomLoss,
  type Reorder,
} from './link-settings.ts'
export { deliverAfterMs, DROP, PASS, type LinkRule, type Transit, type Verdict } from './link-rules/rule.ts'
export type { AccountOptions } from './account/world-account.ts'
export type { Distribution } from './distribution.ts'
export { ENET_DEFAULTS, STREAM_DEFAULTS, type EnetSettings, type StreamSettings } from './connection-settings.ts'
export { ConnectionEnd, type Side } from './connection-end.ts'
export { SimulatedConnection } from './simulated-connection.ts'
export type { WorldConnection, WorldNetwork } from './world-network.ts'
export {
  bootPlainly,
  SERVER_ADDRESSES,
  simulate,
  simulatedProgram,
  World,
  type AnyZone,
  type BootServer,
  type ClientParts,
  type ServerParts,
  type SimulateOptions,
  type SimulatedClient,
  type SimulatedClientOptions,
} from './world.ts'
export { beAmbient, type Ambient, type AmbientOptions, type AmbientWorld } from './ambient.ts'
export { CoarseClock } from './coarse-clock.ts'
export { unkindClock, unkindNetwork, type Unkindness } from './unkind.ts'
export { findPreset, NETWORK_PRESETS, type Episode, type NetworkPreset } from './presets.ts'
export {
  replay,
  replaySteps,
  type Divergence,
  type ReplayOptions,
  type ReplayResult,
} from '../recording/replay/replay.ts'
export { describeEntry } from '../recording/replay/describe.ts'
export { explainCause, findCause, type CodeComparison, type DivergenceCause } from '../recording/replay/cause.ts'
