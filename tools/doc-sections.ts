/**
 * The parts of `docs/` that are made from the sources: the session's and the client's transitions, the invariants, the rules of games,
 * the goals, the named scenarios, the network presets, the counters. Each stands between two marks, and everything outside of them is written by hand:
 *
 *     <!-- generated: transitions -->
 *     …
 *     <!-- end of generated -->
 *
 * `generate-docs.ts` writes them; a test in test/repository/ compares.
 */
import { readFileSync } from 'node:fs'
import prettier from 'prettier'
import ts from 'typescript'
import { COUNTER_NAMES, GAUGE_NAMES, IGNORED_PAIRS, TRANSITIONS } from '../core/index.ts'
import { GOALS, INVARIANTS, NAMED_SCENARIOS } from '../scenarios/index.ts'
import { NETWORK_PRESETS } from '../sim/presets.ts'
import { clientDiagram, clientIgnored, clientStatuses, clientTransitions } from './doc-client-table.ts'
import { gameRules, runRules } from './doc-game-rules.ts'

/** The documents that have generated parts. */
export const DOCUMENTS: readonly string[] = [
  'docs/session.md',
  'docs/client.md',
  'docs/scenarios.md',
  'docs/metrics.md',
  'docs/testing-your-zones.md',
  'docs/your-game.md',
]

/** `text` with its generated parts as they should be now, formatted. Throws for a mark with an unknown name. */
export async function withGeneratedParts(file: string, text: string): Promise<string> {
  const filled = text.replaceAll(
    /(<!-- generated: ([\w-]+) -->\n)[^]*?(<!-- end of generated -->)/g,
    (_all, begin: string, name: string, end: string) => {
      const section = SECTIONS.get(name)
      if (section === undefined) throw new Error(`${file}: there is no generated part '${name}'`)
      return `${begin}\n${section()}\n\n${end}`
    },
  )
  const config = await prettier.resolveConfig(file)
  return prettier.format(filled, { ...config, filepath: file })
}

const SECTIONS: ReadonlyMap<string, () => string> = new Map([
  ['diagram', diagram],
  ['transitions', transitions],
  ['ignored-pairs', ignoredPairs],
  ['events', () => meanings(commentsOfList('core/session/session-events.ts', 'SESSION_EVENTS'))],
  ['effects', () => meanings(commentsOfUnion('core/session/session-events.ts', 'SessionEffect'))],
  ['client-diagram', clientDiagram],
  ['client-statuses', clientStatuses],
  ['client-transitions', clientTransitions],
  ['client-ignored', clientIgnored],
  ['client-states', () => meanings(commentsOfUnion('core/client/client-words.ts', 'ClientState'))],
  ['client-events', () => meanings(commentsOfUnion('core/client/client-words.ts', 'ClientEvent'))],
  ['client-effects', () => meanings(commentsOfUnion('core/client/client-words.ts', 'ClientEffect'))],
  ['invariants', invariants],
  ['game-rules', gameRules],
  ['run-rules', runRules],
  ['goals', () => sentences(Object.entries(GOALS))],
  ['named-scenarios', () => sentences(NAMED_SCENARIOS.map(({ name, description = '' }) => [name, description]))],
  ['presets', () => sentences(NETWORK_PRESETS.map(({ name, summary }) => [name, summary]))],
  ['preset-sources', presetSources],
  ['misbehaviours', () => meanings(commentsOfList('scenarios/scenario.ts', 'MISBEHAVIOURS'))],
  ['misuses', () => meanings(commentsOfList('scenarios/scenario.ts', 'MISUSES'))],
  ['oddities', () => meanings(commentsOfList('scenarios/scenario.ts', 'ODDITIES'))],
  ['npc-actions', () => meanings(commentsOfList('scenarios/scenario.ts', 'NPC_ACTIONS'))],
  ['counters', () => metrics(COUNTER_NAMES, 'COUNTERS')],
  ['gauges', () => metrics(GAUGE_NAMES, 'GAUGES')],
])

function presetSources(): string {
  const rows = NETWORK_PRESETS.map(({ name, summary, source }) => `| \`${name}\` | ${summary} | ${source} |`)
  return ['| preset | what it is like | where its numbers come from |', '| --- | --- | --- |', ...rows].join('\n')
}

/** One arrow for each pair of statuses. */
function diagram(): string {
  const arrows = new Map<string, string[]>()
  for (const { from, on, to } of TRANSITIONS) {
    const arrow = `${from} --> ${to === 'gone' ? '[*]' : to}`
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), on])
  }
  const lines = [...arrows].map(([arrow, events]) => `    ${arrow}: ${events.join('<br>')}`)
  return ['```mermaid', 'stateDiagram-v2', '    [*] --> preconnect', ...lines, '```'].join('\n')
}

function transitions(): string {
  const rows = TRANSITIONS.map(
    ({ from, on, to, effects, closes = '', parts = '' }) =>
      `| ${from} | \`${on}\` | ${to} | ${effects.map((each) => `\`${each}\``).join(', ')} | ${closes} | ${parts} |`,
  )
  return [
    '| in | on | is then | and these effects are carried out | closes with | parts with |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

function ignoredPairs(): string {
  const rows = IGNORED_PAIRS.map(({ from, on, because }) => `| ${from} | \`${on}\` | ${because} |`)
  return ['| in | on | is ignored, because |', '| --- | --- | --- |', ...rows].join('\n')
}

function meanings(comments: ReadonlyMap<string, string>): string {
  return [...comments].map(([name, comment]) => `- \`${name}\`${comment === '' ? '' : `: ${comment}`}`).join('\n')
}

function sentences(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, sentence]) => `- **${name}**: ${sentence}`).join('\n')
}

/** Each rule, and the planted bugs that were found by it. */
function invariants(): string {
  const caughtBy = JSON.parse(readFileSync('scenarios/mutants/caught-by.json', 'utf8')) as Record<string, string>
  const rows = Object.entries(INVARIANTS).map(([name, sentence]) => {
    const bugs = Object.entries(caughtBy).flatMap(([bug, invariant]) => (invariant === name ? [`\`${bug}\``] : []))
    return `| **${name}** | ${sentence} | ${bugs.join(', ')} |`
  })
  return ['| name | what must hold | planted bugs that it caught |', '| --- | --- | --- |', ...rows].join('\n')
}

function metrics(names: readonly string[], list: string): string {
  const comments = commentsOfList('core/stats.ts', list)
  return names
    .map((name) => {
      const metric = `overworld_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
      const comment = comments.get(name) ?? ''
      return `- \`${name}\` (\`${metric}\`)${comment === '' ? '' : `: ${comment}`}`
    })
    .join('\n')
}

/** The members of a union of string literals, each with the comment before it. */
function commentsOfUnion(file: string, name: string): ReadonlyMap<string, string> {
  const tree = parse(file)
  for (const statement of tree.statements) {
    if (!ts.isTypeAliasDeclaration(statement) || statement.name.text !== name) continue
    if (!ts.isUnionTypeNode(statement.type)) break
    const members = statement.type.types.flatMap((type) =>
      ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [[type.literal.text, type] as const] : [],
    )
    return new Map(members.map(([text, node]) => [text, commentBefore(tree, node)]))
  }
  throw new Error(`${file} declares no union ${name}`)
}

/** The same for a constant list of string literals. */
function commentsOfList(file: string, name: string): ReadonlyMap<string, string> {
  const tree = parse(file)
  for (const statement of tree.statements) {
    if (!ts.isVariableStatement(statement)) continue
    for (const { name: declared, initializer } of statement.declarationList.declarations) {
      if (declared.getText(tree) !== name || initializer === undefined) continue
      const list = ts.isAsExpression(initializer) ? initializer.expression : initializer
      if (!ts.isArrayLiteralExpression(list)) continue
      const strings = list.elements.filter((element) => ts.isStringLiteral(element))
      return new Map(strings.map((element) => [element.text, commentBefore(tree, element)]))
    }
  }
  throw new Error(`${file} declares no list ${name}`)
}

function commentBefore(tree: ts.SourceFile, node: ts.Node): string {
  // In a union the comment stands before the bar, which belongs to no member.
  const text = tree.text.slice(0, node.getStart(tree)).trimEnd()
  const [, comment = ''] = /\/\*\*((?:(?!\*\/)[^])*)\*\/(?:\s*\|)?$/.exec(text) ?? []
  return comment.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim()
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
}
