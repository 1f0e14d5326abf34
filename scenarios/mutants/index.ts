/** All planted bugs, family by family: those in the core and the client, and those in the adapters. */
import { ADAPTER_MUTANTS } from './adapters.ts'
import { BY_HAND_MUTANTS } from './by-hand.ts'
import { CLIENT_TELLING_MUTANTS } from './client-telling.ts'
import { CLIENT_MUTANTS } from './client.ts'
import { CONNECTION_MUTANTS } from './connections.ts'
import { DETERMINISM_MUTANTS } from './determinism.ts'
import { GRACE_MUTANTS } from './grace.ts'
import { HEARTBEAT_MUTANTS } from './heartbeat.ts'
import { LIFECYCLE_MUTANTS } from './lifecycle.ts'
import { HANDLER_MUTANTS } from './handlers.ts'
import { LIMIT_MUTANTS } from './limits.ts'
import type { Mutant } from './mutant.ts'
import { NPC_MUTANTS } from './npcs.ts'
import { ODD_INPUT_MUTANTS } from './odd-input.ts'
import { RESUME_MUTANTS } from './resume.ts'
import { SESSION_STATE_MUTANTS } from './session-state.ts'
import { TAKEOVER_MUTANTS } from './takeover.ts'
import { TOKEN_MUTANTS } from './tokens.ts'
import { TURN_MUTANTS } from './turns.ts'
import { WIRE_MUTANTS } from './wire.ts'
import { ZONE_MUTANTS } from './zones.ts'

export { filesOf, plant, type Mutant } from './mutant.ts'

export const MUTANTS: readonly Mutant[] = [
  ...TOKEN_MUTANTS,
  ...RESUME_MUTANTS,
  ...SESSION_STATE_MUTANTS,
  ...TAKEOVER_MUTANTS,
  ...GRACE_MUTANTS,
  ...LIFECYCLE_MUTANTS,
  ...ZONE_MUTANTS,
  ...HANDLER_MUTANTS,
  ...NPC_MUTANTS,
  ...BY_HAND_MUTANTS,
  ...TURN_MUTANTS,
  ...HEARTBEAT_MUTANTS,
  ...LIMIT_MUTANTS,
  ...CONNECTION_MUTANTS,
  ...WIRE_MUTANTS,
  ...ODD_INPUT_MUTANTS,
  ...CLIENT_MUTANTS,
  ...CLIENT_TELLING_MUTANTS,
  ...DETERMINISM_MUTANTS,
]

/** On each network: what there is to find, and how many runs each may take. */
export const HUNTS = {
  message: { planted: MUTANTS, runs: 3_000 },
  wire: { planted: ADAPTER_MUTANTS, runs: 300 },
} as const
