/** Simulated runs, with a recording of each life of their server. */
import { BlockReader, recordServer, type Entry, type RecorderOptions, type ServerProgram } from 'overworld'
import type { BootServer } from 'overworld/sim'
import { runScenario, simulatedArena, simulatedChat, type RunResult, type Scenario } from 'overworld/scenarios'

export interface RecordedLife {
  readonly program: ServerProgram
  readonly parts: Uint8Array[][]
}

export type RecorderSettings = Partial<Omit<RecorderOptions, 'clock' | 'random' | 'sink'>>

/** `boot` for a simulated world; each life that it boots comes to `lives`. */
export function recordingBoot(lives: RecordedLife[], settings: RecorderSettings = {}): BootServer {
  return (program, { clock, random, network, shell }) => {
    const parts: Uint8Array[][] = []
    const recorded = recordServer(program, network, {
      clock,
      random,
      shell,
      recording: `life ${lives.length}`,
      sink: {
        append(bytes, startsPart) {
          if (startsPart) parts.push([])
          parts.at(-1)?.push(bytes)
        },
      },
      ...settings,
    })
    lives.push({ program, parts })
    recorders.set(parts, () => recorded.recorder.flush())
    return recorded.server
  }
}

const recorders = new WeakMap<Uint8Array[][], () => void>()

export function recordScenario(
  scenario: Scenario,
  settings: RecorderSettings = {},
): { result: RunResult; lives: RecordedLife[] } {
  const lives: RecordedLife[] = []
  const { tickMs = 100 } = scenario.server
  const apps = [simulatedChat, simulatedArena(tickMs)]
  const result = runScenario(scenario, { apps, boot: recordingBoot(lives, settings) })
  return { result, lives }
}

/** The files of a life, each as one array. */
export function filesOf({ parts }: RecordedLife): Uint8Array[] {
  recorders.get(parts)?.()
  return parts.map((blocks) => Uint8Array.from(blocks.flatMap((block) => [...block])))
}

export function* entriesOf(files: readonly Uint8Array[], reader: BlockReader = new BlockReader()): Generator<Entry> {
  for (const file of files) {
    for (const { entries } of reader.push(file)) yield* entries
    reader.endOfFile()
  }
}
