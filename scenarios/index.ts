/** `overworld/scenarios`: the scenario language, the named scenarios, invariants, goals, the fuzzer. */
export type {
  AppName,
  ClientAction,
  ClientSetup,
  HostFault,
  Misbehaviour,
  NetworkFault,
  NpcAction,
  Scenario,
  ServerAction,
  ServerSetup,
  Step,
  StepAction,
  Timeout,
  TransportChoice,
} from './scenario.ts'
export type { JsonMessage } from './json-message.ts'
export { readScenario } from './check-scenario.ts'
export { NAMED_SCENARIOS } from './named/index.ts'
export {
  defineSimulatedApp,
  ThrownOnPurpose,
  type AppCheck,
  type AppGoal,
  type Bot,
  type BotSelf,
  type ListeningBot,
  type SimulatedApp,
} from './simulated-app.ts'
export { appsOfProgram } from './own-program.ts'
export {
  defineGame,
  isGame,
  judge,
  type Game,
  type GameCheck,
  type GameClientSelf,
  type GameOptions,
  type GameRandom,
  type Judge,
  type JudgeOptions,
  type Settled,
  type SettledClient,
  type SettledZone,
} from './game/define-game.ts'
export { appsOfGame, gameOf } from './game/apps-of-game.ts'
export { GameAccount, type About } from './game/game-account.ts'
export type { ViewNote } from './game/watched-views.ts'
export { GAME_RULES, sentenceOfGameRule, type GameRule } from './game/game-rules.ts'
export { GAME_GOALS, type GameGoal } from './game/game-goals.ts'
export { INVARIANTS, type InvariantName } from './invariants.ts'
export { GOALS, type GoalName, type ZoneGoal } from './goals.ts'
export { runScenario } from './runner/run-scenario.ts'
export { runOnMessages } from './runner/run-on-messages.ts'
export { runScenarioPatiently, RunStopped } from './runner/run-patiently.ts'
export type { ClientOutcome, RunEvent, RunFailure, RunOptions, RunPhase, RunResult } from './runner/run-result.ts'
export { runScenarioDraining, type DrainingScenarioOptions } from './runner/run-draining.ts'
export { runScenarioOnWire, type WireRunOptions } from './runner/run-on-wire.ts'
export { notOnLoopback, runScenarioOnLoopback, type LoopbackRunOptions } from './runner/run-on-loopback.ts'
export type { ClientNote } from './observer/client-note.ts'
export type { Output, Turn, TurnInput } from './observer/observation.ts'
export { describeEvent, describeStep, formatLine, type AccountDetail, type AccountLine } from './account.ts'
export {
  scenarioOfRecording,
  type RecordingScenario,
  type RecordingScenarioOptions,
} from './recorded/scenario-of-recording.ts'
export type {
  Drawn,
  Happening,
  Place,
  PlaceHistory,
  RecordedEventOfPlace,
  RecordedHistory,
} from './recorded/recorded-history.ts'
export type { HistoryDifference, HistoryOutcome, PlaceOutcome } from './recorded/kept-random.ts'
export { withWhatIf, type Outage, type WhatIf } from './recorded/what-if.ts'
export { drawAround, type Surroundings } from './fuzz/draw-around.ts'
export { drawOptionsOf, drawScenario, type DrawOptions } from './fuzz/draw-scenario.ts'
export { runSeed } from './fuzz/run-seed.ts'
export { scenarios, type ScenariosOptions } from './fuzz/scenario-arbitrary.ts'
export { SHRINK_TRIES, shrinking, shrinkScenario, type ShrinkOptions, type Shrunk } from './fuzz/shrink.ts'
export { runCampaign, simulateGame, type GameCampaignOptions, type SimulateGameOptions } from './game/run-campaign.ts'
export {
  type CampaignFailure,
  type CampaignOptions,
  type CampaignProgress,
  type CampaignResult,
  type Nondeterminism,
  type Shard,
} from './fuzz/campaign.ts'
export { readCheckpoint, type CampaignCheckpoint } from './fuzz/checkpoint.ts'
export {
  runCampaignOnWire,
  patientMessages,
  runPatientCampaign,
  simulatedNetworks,
  type PatientCampaignOptions,
  type RunMaker,
  type SimulatedNetwork,
} from './fuzz/patient-campaign.ts'
export { compareTwoRunsOnWire, makeRunOnWire } from './fuzz/make-run-on-wire.ts'
export { LoopbackRuns } from './fuzz/make-run-on-loopback.ts'
export {
  compareTwoRuns,
  makeRun,
  scenarioOfRun,
  type RunDifference,
  type RunSummary,
  type Subject,
} from './fuzz/make-run.ts'
export {
  makeRuns,
  runParallelCampaign,
  type Batch,
  type BatchResult,
  type BatchRun,
  type ParallelCampaignOptions,
} from './fuzz/parallel-campaign.ts'
export { chat, chatZone, type ChatState } from './apps/chat.ts'
export { arena, arenaZone, defineArenaZone, type ArenaState, type Fighter } from './apps/arena.ts'
export { lab, labZone } from './apps/lab.ts'
export { referenceApps, simulatedArena, simulatedChat, simulatedLab } from './apps/bots.ts'
