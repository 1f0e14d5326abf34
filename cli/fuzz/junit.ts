/** A campaign as JUnit XML, which build servers show: a test case for each invariant. */
import type { CampaignReport } from './campaign-report.ts'

export function toJunit({ result, wallSeconds, code }: CampaignReport): string {
  const { failure, nondeterminism } = result
  const cases = [...result.invariants].map(([name, times]) => {
    const attributes = `name="${escape(name)}" classname="invariant" assertions="${times}"`
    if (failure?.invariant !== name) return `    <testcase ${attributes}/>`
    const text = escape(JSON.stringify(failure.scenario, null, 2))
    return [
      `    <testcase ${attributes}>`,
      `      <failure message="${escape(failure.message)}" type="${escape(name)}">seed ${failure.seed}\n${text}</failure>`,
      '    </testcase>',
    ].join('\n')
  })
  const determinism =
    nondeterminism === undefined
      ? '    <testcase name="deterministic" classname="run"/>'
      : `    <testcase name="deterministic" classname="run"><failure message="run ${nondeterminism.run} came out differently when it was made again"/></testcase>`
  const failures = (failure === undefined ? 0 : 1) + (nondeterminism === undefined ? 0 : 1)
  const properties = [
    `      <property name="seed" value="${result.seed}"/>`,
    `      <property name="runs" value="${result.runs}"/>`,
    `      <property name="fingerprint" value="${result.fingerprint}"/>`,
    `      <property name="version" value="${escape(code.version)}"/>`,
    ...(code.commit === '' ? [] : [`      <property name="commit" value="${escape(code.commit)}"/>`]),
  ]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length + 1}" failures="${failures}" time="${wallSeconds.toFixed(3)}">`,
    `  <testsuite name="overworld fuzz" tests="${cases.length + 1}" failures="${failures}" time="${wallSeconds.toFixed(3)}">`,
    '    <properties>',
    ...properties,
    '    </properties>',
    ...cases,
    determinism,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
