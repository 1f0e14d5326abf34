/** The generated parts of `docs/client.md`: the client's table as a diagram and as lists. */
import { CLIENT_IGNORED, CLIENT_TRANSITIONS, STATUS_OF, type Ending } from '../core/client/client-table.ts'

/** Lead to the same state from everywhere. */
const FROM_EVERYWHERE: readonly string[] = ['disconnect_called', 'end_called']

/** One arrow for each pair of states. Events that change no state, and those of the calls above, are in the table alone. */
export function clientDiagram(): string {
  const arrows = new Map<string, string[]>()
  for (const { from, on, to } of CLIENT_TRANSITIONS) {
    if (from === to || FROM_EVERYWHERE.includes(on)) continue
    const arrow = `${from} --> ${to}`
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), on])
  }
  const lines = [...arrows].map(([arrow, events]) => `    ${arrow}: ${events.join('<br>')}`)
  return ['```mermaid', 'stateDiagram-v2', '    [*] --> idle', ...lines, '```'].join('\n')
}

export function clientStatuses(): string {
  const rows = Object.entries(STATUS_OF).map(([state, status]) => `| \`${state}\` | \`${status}\` |`)
  return ['| state | status that the program sees |', '| --- | --- |', ...rows].join('\n')
}

/** Rows that differ in their state alone are one line. */
export function clientTransitions(): string {
  const lines = new Map<string, string[]>()
  for (const { from, on, to, effects, closes, closesLeft, tells } of CLIENT_TRANSITIONS) {
    const usesLeft = effects.includes('close_left') && closesLeft !== undefined
    const columns = [
      `\`${on}\``,
      from === to ? 'the same' : to,
      effects.map((each) => `\`${each}\``).join(', '),
      [
        ...(effects.includes('close_connection') ? [ending(closes)] : []),
        ...(usesLeft ? [`the one it left: ${closesLeft}`] : []),
      ].join('; '),
      to === 'waiting' || to === 'ended' ? ending(tells) : '',
    ]
    const line = columns.join(' | ')
    lines.set(line, [...(lines.get(line) ?? []), from])
  }
  return [
    '| in | on | is then | effects | closes with | tells |',
    '| --- | --- | --- | --- | --- | --- |',
    ...[...lines].map(([line, states]) => `| ${states.join(', ')} | ${line} |`),
  ].join('\n')
}

export function clientIgnored(): string {
  const lines = new Map<string, { readonly states: Set<string>; readonly events: Set<string> }>()
  for (const { in: state, on, because } of CLIENT_IGNORED) {
    const line = lines.get(because) ?? { states: new Set(), events: new Set() }
    line.states.add(state)
    line.events.add(`\`${on}\``)
    lines.set(because, line)
  }
  const rows = [...lines].map(
    ([because, { states, events }]) => `| ${[...states].join(', ')} | ${[...events].join(', ')} | ${because} |`,
  )
  return ['| in | ignored | because |', '| --- | --- | --- |', ...rows].join('\n')
}

function ending({ code, reason }: Ending = {}): string {
  const words = reason === undefined || reason === '' ? '' : ` "${reason}"`
  return `${code ?? 'the code of the event'}${words}`
}
