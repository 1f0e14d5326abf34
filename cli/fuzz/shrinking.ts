/** Making failing scenarios small, as the commands tell it: how many tries there are, how it goes, and how to go on. */
import type { Scenario } from '../../scenarios/index.ts'
import { networkWords, type NetworkName } from '../network.ts'
import { formatCount, formatNumber } from '../numbers.ts'
import { shellCommand } from '../shell-words.ts'

/** What a run costs differs: at wire level ten times as much as on messages, and real sockets take real time. */
export const SHRINK_TRIES_ON: Readonly<Record<NetworkName, number>> = { message: 1_000, wire: 300, loopback: 30 }

export function shrinkingInWords(
  { tries, smallest }: { readonly tries: number; readonly smallest: Scenario },
  triesMax: number,
): string {
  return `${formatNumber(tries)} of ${formatNumber(triesMax)} tries, ${sizeInWords(smallest)}`
}

export function sizeInWords({ steps, clients }: Scenario): string {
  return `${formatCount(steps.length, 'step')}, ${formatCount(clients.length, 'client')}`
}

/** The command that goes on where the search was given up. From the file alone it needs the tries of before as well. */
export function shrinkCommand(file: string, tries: number, network: NetworkName, words: readonly string[]): string {
  const triesMax = String(Math.max(2 * tries, SHRINK_TRIES_ON[network]))
  return shellCommand(
    'npx',
    '--no-install',
    'overworld',
    'shrink',
    file,
    '--tries',
    triesMax,
    ...words,
    ...networkWords(network),
  )
}
