/** Recordings: the recorder, the format and its reader. `replay/` runs a recording again. */
export { Recorder, type RecorderOptions } from './recorder.ts'
export { RecordingWriter, type RecordingSink, type RecordingWriterOptions } from './recording-writer.ts'
export { EntryTap } from './entry-tap.ts'
export { BlockReader, type Damage } from './block-reader.ts'
export type { Block } from './block.ts'
export {
  isInput,
  isSet,
  SIGN_OF_LIFE,
  type BootData,
  type CallData,
  type Entry,
  type Input,
  type Note,
  type Output,
  type Payload,
  type Read,
  type RecordedApp,
  type RecordingHeader,
  type TimerData,
  type ValueData,
} from './entries.ts'
export { decodeValue, type ReadingReferences } from './values.ts'
export { recordServer, type RecordedServer } from './record-server.ts'
