/** `overworld`: the session system (`core/`), and recordings of its servers (`recording/`). */
export * from './core/index.ts'
export {
  BlockReader,
  isInput,
  Recorder,
  recordServer,
  type Block,
  type CallData,
  type Damage,
  type Entry,
  type Input,
  type Note,
  type Output,
  type Payload,
  type Read,
  type RecordedApp,
  type RecordedServer,
  type RecorderOptions,
  type RecordingHeader,
  type RecordingSink,
} from './recording/index.ts'
