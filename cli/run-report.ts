/** How a run came out: in lines for people, or as JSON for programs. */
import type { RunResult, SimulatedApp } from '../scenarios/index.ts'
import { describeHistory } from './history-report.ts'
import { sentenceOf } from './invariant-sentence.ts'
import { isRepeatable, type NetworkName } from './network.ts'
import { formatNumber, formatSeconds, sum } from './numbers.ts'
import { linesOf } from './terminal.ts'

export function runToJson(
  result: RunResult,
  network: NetworkName,
  file: string | undefined,
  replayCommand: string,
): object {
  const { scenario, failure } = result
  const clients: Record<string, object> = {}
  for (const [name, { status, sessionId, zone }] of result.clients) {
    clients[name] = { status, sessionId: sessionId ?? null, zone: zone ?? null }
  }
  return {
    scenario: scenario.name,
    seed: scenario.seed,
    held: result.held,
    fingerprint: isRepeatable(network) ? result.fingerprint : null,
    simulatedSeconds: result.simulatedSeconds,
    history: result.history ?? null,
    clients,
    failure:
      failure === undefined
        ? null
        : {
            invariant: failure.invariant,
            message: failure.message,
            atMs: failure.atMs,
            seed: scenario.seed,
            scenario,
            file: file ?? null,
            steps: scenario.steps.length,
            replayCommand,
          },
  }
}

export function describeRun(
  result: RunResult,
  network: NetworkName,
  apps: readonly SimulatedApp[],
  replayCommand: string,
): string[] {
  const { scenario, failure, clients, invariants } = result
  const width = Math.max(...[...clients.keys()].map((name) => name.length))
  const outcomes = [...clients].map(([name, { status, sessionId, zone }]) => {
    const session = sessionId === undefined ? 'no session' : `session ${sessionId}`
    return `  ${name.padEnd(width)}  ${status}, ${session}, ${zone === undefined ? 'in no zone' : `in zone '${zone}'`}`
  })
  const how = network === 'loopback' ? 'on real sockets' : 'simulated'
  const fingerprint = isRepeatable(network) ? [`fingerprint ${result.fingerprint}`] : []
  const figures = `${formatSeconds(result.simulatedSeconds)} ${how}, ${formatNumber(result.messages)} messages`
  if (failure === undefined) {
    return [
      '',
      `held: ${figures}, ${invariants.size} invariants checked ${formatNumber(sum(invariants.values()))} times`,
      ...describeHistory(result.history),
      'once the network was well again:',
      ...outcomes,
      ...(scenario.breaks === undefined
        ? []
        : [`it was written down because it broke ${scenario.breaks.invariant}: no more`]),
      ...fingerprint,
    ]
  }
  return [
    '',
    `BROKEN: ${failure.invariant}, after ${figures}`,
    `  the rule: ${sentenceOf(failure.invariant, apps)}`,
    ...linesOf(`  broken by: ${failure.message}`),
    ...(failure.stack === undefined ? [] : linesOf(failure.stack)),
    ...describeHistory(result.history),
    'at that moment:',
    ...outcomes,
    ...fingerprint,
    `every message: ${replayCommand} --trace`,
  ]
}
