/** The documents say what the sources say. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { enetNetwork, systemClock, webSocketNetwork } from 'overworld/transports'
import { readScenario } from 'overworld/scenarios'
import { DOCUMENTS, withGeneratedParts } from '../../tools/doc-sections.ts'

test.each(DOCUMENTS)('%s is not stale (else: node tools/run.js tools/generate-docs.ts)', async (file) => {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain('<!-- generated: ')
  expect(text).toBe(await withGeneratedParts(file, text))
})

test('docs/metrics.md explains the counters of the transports', () => {
  const clock = systemClock()
  const names = [webSocketNetwork({ clock }), enetNetwork({ clock })].flatMap((network) => Object.keys(network.stats()))
  const text = readFileSync('docs/metrics.md', 'utf8')
  expect(names.length).toBeGreaterThan(5)
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

test('docs/scenarios.md explains every kind of step, and every misbehaviour', () => {
  const text = readFileSync('docs/scenarios.md', 'utf8')
  const names = [...namesIn({ atMs: 1, do: '' }), ...namesIn({ atMs: 1, do: 'misbehave', client: 'a', how: '' })]
  expect(names.length).toBeGreaterThan(30)
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

describe('links', () => {
  const documents = ['README.md', 'CHANGELOG.md', 'examples/README.md', ...markdownIn('docs')]
  test.each(documents)('those of %s lead somewhere', (document) => {
    const links = readFileSync(document, 'utf8').matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)
    const files = [...links].map(([, target = '']) => path.join(path.dirname(document), target))
    expect(files.filter((file) => !isThere(file))).toEqual([])
  })
})

/** What the reader of scenarios offers instead of a step that does not exist. */
function namesIn(step: object): readonly string[] {
  const client = { name: 'a', app: 'chat', transport: 'enet' }
  const scenario = { version: 1, name: 'x', seed: 1, durationMs: 1, server: {}, clients: [client], steps: [step] }
  try {
    readScenario(scenario)
  } catch (error) {
    const [, list = ''] = /must be one of (.+), not/.exec((error as Error).message) ?? []
    return list.split(', ')
  }
  return []
}

function markdownIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name))
    .filter((name) => name.endsWith('.md') && !name.startsWith('docs/api/'))
}

function isThere(file: string): boolean {
  try {
    return readdirSync(path.dirname(file)).includes(path.basename(file))
  } catch {
    return false
  }
}
