/** Where scenarios come from: by name, or from a file that the fuzzer or a person wrote. */
import { OverworldError } from '../core/index.ts'
import { NAMED_SCENARIOS, readScenario, type Scenario } from '../scenarios/index.ts'
import { closestTo } from '../core/closest.ts'
import { CommandError, ExitCode, usageError } from './exit-codes.ts'
import { parseJson, readText } from './kept-file.ts'

export interface SourcedScenario {
  readonly scenario: Scenario
  /** Undefined: it is a named one. */
  readonly file: string | undefined
}

/** `nameOrFile`: what ends in `.json` or has a slash in it is a file. */
export function findScenario(nameOrFile: string): SourcedScenario {
  if (/\.json$|[\\/]/i.test(nameOrFile)) return { scenario: readScenarioFile(nameOrFile), file: nameOrFile }
  const scenario = NAMED_SCENARIOS.find(({ name }) => name === nameOrFile)
  if (scenario !== undefined) return { scenario, file: undefined }
  const closest = closestTo(
    nameOrFile,
    NAMED_SCENARIOS.map(({ name }) => name),
  )
  const hint = closest === undefined ? ';' : `; did you mean '${closest}'?`
  throw usageError(
    `there is no scenario '${nameOrFile}'${hint} \`overworld scenarios\` lists them; a file ends in .json`,
  )
}

function readScenarioFile(file: string): Scenario {
  const json = parseJson(readText(file), file)
  try {
    return readScenario(json)
  } catch (error) {
    if (error instanceof OverworldError) throw damaged(`${file}: ${error.message}`)
    throw error
  }
}

function damaged(message: string): CommandError {
  return new CommandError(ExitCode.damagedFile, message)
}
