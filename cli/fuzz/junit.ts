/**
 * A campaign as JUnit XML, which build servers show: a test case for each invariant, for determinism, and for each goal
 * where goals are required. Only what every reader of such files knows is in it, in the order that the strictest schema
 * wants; what it has no place for stands in `system-out`.
 */
import { printable } from '../../core/printable.ts'
import { linesOf } from '../terminal.ts'
import { missedGoals, type CampaignReport } from './campaign-report.ts'

export interface JunitOptions {
  /** A goal that was never reached is a failure. */
  readonly requireGoals: boolean
  /** When the campaign ended. */
  readonly at: Date
}

interface TestCase {
  readonly name: string
  readonly group: 'invariant' | 'run' | 'goal'
  readonly failure?: { readonly message: string; readonly details: string } | undefined
}

export function toJunit(report: CampaignReport, { requireGoals, at }: JunitOptions): string {
  const { result, wallSeconds, code, shard } = report
  const cases = [...casesOf(report), ...(requireGoals ? goalCases(report) : [])]
  const failures = cases.filter(({ failure }) => failure !== undefined).length
  const counts = attributes({ tests: cases.length, failures, errors: 0, time: wallSeconds.toFixed(3) })
  const properties = {
    seed: result.seed,
    runs: result.runs,
    fingerprint: result.fingerprint,
    version: code.version,
    ...(code.commit !== '' && { commit: code.commit }),
    ...(shard !== null && { shard: `${shard.index + 1}/${shard.of}` }),
  }
  const suite = attributes({ name: 'overworld fuzz', timestamp: at.toISOString().slice(0, 19), hostname: 'localhost' })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'overworld fuzz' })}${counts}>`,
    `  <testsuite${suite}${counts}>`,
    '    <properties>',
    ...Object.entries(properties).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    ...cases.map(caseToXml),
    `    <system-out>${escape(countsOf(report))}</system-out>`,
    '    <system-err/>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function casesOf({ result: { invariants, failure, nondeterminism } }: CampaignReport): TestCase[] {
  const judged = [...invariants.keys()].map((name): TestCase => {
    if (failure?.invariant !== name) return { name, group: 'invariant' }
    const { message, seed, scenario } = failure
    return {
      name,
      group: 'invariant',
      failure: { message, details: `seed ${seed}\n${JSON.stringify(scenario, null, 2)}` },
    }
  })
  const difference = nondeterminism && {
    message: `run ${nondeterminism.run} came out differently when it was made again`,
    details: nondeterminism.fingerprints.join('\n'),
  }
  return [...judged, { name: 'deterministic', group: 'run', failure: difference }]
}

function goalCases({ result: { goals } }: CampaignReport): TestCase[] {
  const missed = new Set(missedGoals(goals))
  const failure = { message: 'no run reached it', details: '' }
  return [...goals.keys()].map((name) => ({ name, group: 'goal', failure: missed.has(name) ? failure : undefined }))
}

function caseToXml({ name, group, failure }: TestCase): string {
  const opening = `    <testcase${attributes({ name, classname: `overworld.${group}`, time: 0 })}`
  if (failure === undefined) return `${opening}/>`
  const { message, details } = failure
  const lines = [`${opening}>`, `      <failure${attributes({ message, type: name })}>${escape(details)}</failure>`]
  return [...lines, '    </testcase>'].join('\n')
}

function countsOf({ result: { invariants, goals } }: CampaignReport): string {
  return [
    ...[...invariants].map(([name, times]) => `${name}: checked ${times} times`),
    ...[...goals].map(([name, times]) => `${name}: reached ${times} times`),
  ].join('\n')
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escape(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('')
}

/** Control characters have no place in XML, not even escaped; nor have the noncharacters. */
function escape(text: string): string {
  return linesOf(text)
    .map((line) => printable(line))
    .join('\n')
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
