/** `overworld scenarios`: the named ones, a line each. */
import { NAMED_SCENARIOS } from '../../scenarios/index.ts'
import type { Subcommand } from '../subcommand.ts'

export const scenariosCommand: Subcommand = {
  usage: 'scenarios',
  summary: 'List the named scenarios, a line each',
  examples: [
    ['overworld scenarios', 'names, and where people meet them'],
    ['overworld scenarios | cut -d" " -f1', 'the names alone'],
  ],
  define(command, terminal) {
    command.action(() => {
      const width = Math.max(...NAMED_SCENARIOS.map(({ name }) => name.length))
      for (const { name, description = '' } of NAMED_SCENARIOS) terminal.out(`${name.padEnd(width)}  ${description}`)
    })
  },
}
