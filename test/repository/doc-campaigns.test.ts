/**
 * The campaigns that the documents end with hold: each `overworld fuzz` in a `sh` block of README.md and docs/ is run as it
 * stands there, on the files that the document has the reader write and with the commands that it has the reader give
 * before; then its app is run with four more seeds, without a process for each. Only the numbers are smaller. A campaign for a file that a document does not show (`my-app.js`)
 * gets the app of the tutorial, and an app or a game that is shown without a campaign gets one. The bugs that docs/your-game.md plants are found.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { beforeAll, describe, expect, test } from 'vitest'
import { isGame, runCampaign, type Game, type SimulatedApp } from 'overworld/scenarios'
import { referenceApps } from '../scenarios/support/reference-apps.ts'

const SEEDS = [1, 2, 3, 4, 5]
/** Other tests run the reference apps. */
const RUNS_MAX = 12
const RUNS_MAX_OF_APP = 20
/** With each of the other seeds. */
const RUNS_MAX_OF_SEED = 10
const TUTORIAL = 'docs/your-first-app.md'
const OWN_GAME = 'docs/your-game.md'
/** Enough to meet each of its planted bugs. */
const RUNS_MAX_OF_BUG = 200

// Inside the checkout, so that the dependencies resolve; hidden, so that no other tool sees it.
const root = path.resolve('test/repository/.snippets/campaigns')
rmSync(root, { recursive: true, force: true })

interface Document {
  readonly name: string
  readonly folder: string
  /** The lines of all its `sh` blocks. */
  readonly commands: readonly (readonly string[])[]
  readonly campaigns: readonly (readonly string[])[]
}

const documents = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith('.md'))
  .map(read)
const withCampaigns = documents.filter(({ campaigns }) => campaigns.length > 0)
const tutorial = read(TUTORIAL)

beforeAll(() => {
  for (const document of withCampaigns) prepare(document)
})

test('the documents that are about campaigns end with some', () => {
  const names = withCampaigns.map(({ name }) => name)
  for (const name of [
    TUTORIAL,
    OWN_GAME,
    'docs/testing-your-zones.md',
    'docs/campaigns.md',
    'docs/scenarios.md',
    'README.md',
  ]) {
    expect(names).toContain(name)
  }
})

describe.each(withCampaigns)('$name', ({ folder, campaigns }) => {
  test.each(campaigns.map((words) => [words.join(' '), words] as const))('%s', (_line, words) => {
    const { status, output } = overworld(folder, withSeed(words, 1))
    expect(status === 0 ? 'held' : output).toBe('held')
  })
})

const apps = withCampaigns.flatMap(({ name, folder, campaigns }) =>
  campaigns.filter((words) => words.includes('--app')).map((words) => [name, path.join(folder, appOf(words))] as const),
)

describe.each(SEEDS.slice(1))('with seed %i', (seed) => {
  test.each(apps)('the app of %s holds', async (_name, file) => {
    const { default: app } = (await import(/* @vite-ignore */ file)) as { readonly default: SimulatedApp | Game }
    const options = { seed, runs: RUNS_MAX_OF_SEED }
    const { failure } = await (isGame(app)
      ? runCampaign({ ...options, game: app })
      : runCampaign({ ...options, apps: [app] }))
    expect(failure?.message).toBeUndefined()
  })

  test('the reference apps hold', () => {
    expect(runCampaign({ seed, runs: RUNS_MAX, apps: referenceApps }).failure?.message).toBeUndefined()
  })
})

test('a part of the tutorial that forgets the player who leaves is found, by the rule that it names', () => {
  const folder = path.join(root, 'forgetful')
  prepare({ ...tutorial, folder }, (name, text) =>
    name === 'zone.ts' ? text.replace('    state.players.delete(session)\n', '') : text,
  )
  const campaign = tutorial.campaigns.at(-1) ?? []
  const { status, output } = overworld(folder, withSeed(campaign, 1))
  expect(output).toContain('BROKEN: players-are-members')
  expect(status).toBe(1)
})

describe('the bugs of docs/your-game.md', () => {
  const document = read(OWN_GAME)
  const text = readFileSync(OWN_GAME, 'utf8')
  const bugs = [...text.matchAll(/^```diff\n([^]*?)^```$/gm)].map(([, diff = '']) => diff)
  const outputs = [...text.matchAll(/^```\n(BROKEN: [^]*?)^```$/gm)].map(([, output = '']) => output)
  const planted = bugs.map((bug, index) => {
    const folder = path.join(root, `planted-${index + 1}`)
    prepare({ ...document, folder }, (name, file) => (name === 'zone.ts' ? withDiff(file, bug) : file))
    return folder
  })
  const fuzz = (folder: string | undefined, app: string): ReturnType<typeof overworld> => {
    const words = ['overworld', 'fuzz', '--app', app, '--seed', '1', '--runs', String(RUNS_MAX_OF_BUG)]
    return overworld(folder ?? '', words)
  }

  test('the first bug is found without judges, and the output is the one that the document shows', () => {
    const { status, output } = fuzz(planted[0], './my-game.js')
    expect(verdictOf(output)).toEqual(verdictOf(outputs[0] ?? ''))
    expect(output).toContain('BROKEN: forgets-the-gone')
    expect(status).toBe(1)
  })

  test('the second bug is found by the judge alone, and the output is the one that the document shows', () => {
    const { status, output } = fuzz(planted[1], './judged-game.js')
    expect(verdictOf(output)).toEqual(verdictOf(outputs[1] ?? ''))
    expect(output).toContain('BROKEN: all-matches')
    expect(status).toBe(1)
    expect(fuzz(planted[1], './my-game.js').status).toBe(0)
  })
})

/** The rule, and what it was broken by, without numbers: those change with what is drawn. */
function verdictOf(output: string): readonly string[] {
  const lines = output.split('\n').filter((line) => /^BROKEN|^ {2}(?:the rule|broken by): /.test(line))
  return lines.map((line) =>
    line
      .replace(/ \(run .*$/, '')
      .replaceAll(/\d+/g, '#')
      .replaceAll(/\b(?:alice|bob|carol|dave)\b/g, 'NAME'),
  )
}

/** `text` with the lines that begin with `-` replaced by those that begin with `+`. Each must be there once. */
function withDiff(text: string, diff: string): string {
  const lines = (sign: string): string =>
    diff
      .split('\n')
      .filter((line) => line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join('')
  const [before, after] = [lines('-'), lines('+')]
  expect(text.split(before).length - 1).toBe(1)
  return text.replace(before, () => after)
}

function read(name: string): Document {
  const text = readFileSync(name, 'utf8')
  const lines = [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = '']) => block.split('\n'))
  const commands = lines.flatMap((line) => wordsOf(line))
  const given = commands.filter((words) => words[0] === 'overworld' && words[1] === 'fuzz' && isByItself(words))
  const apps = [
    ...text.matchAll(/^\/\/ ([\w-]+)\.[jt]s\n(?:(?!^```$)[^])*?^export default define(?:SimulatedApp|Game)\b/gm),
  ]
  const others = apps.map(([, app = '']) => `./${app}.js`).filter((app) => !given.some((words) => words.includes(app)))
  const campaigns = [...given, ...others.map((app) => ['overworld', 'fuzz', '--app', app])]
  return { name, folder: path.join(root, name.replaceAll(/\W/g, '-')), commands, campaigns }
}

/** Each command of a line, without `npx`, comments and what it is redirected to. */
function wordsOf(line: string): readonly (readonly string[])[] {
  const [text = ''] = line.split(/\s#|^#/, 1)
  return text.split(/&&|\|/).flatMap((command) => {
    const [plain = ''] = command.split('>', 1)
    const words = plain
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '')
    const start = words.findIndex((word) => word !== 'npx' && !word.startsWith('--no-install'))
    return start === -1 ? [] : [words.slice(start)]
  })
}

/** It rests on nothing but a seed and an app: not on a recording that the reader has made, nor on an earlier campaign. */
function isByItself(words: readonly string[]): boolean {
  return !words.includes('--from') && !words.includes('--resume')
}

/** Its files as they stand there, and what its commands make of them. `changed`: another text of a file. */
function prepare(
  { name, folder, commands, campaigns }: Document,
  changed: (name: string, text: string) => string = (_name, text) => text,
): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }\n')
  // That of the checkout would have the sources of Overworld bundled.
  writeFileSync(path.join(folder, 'tsconfig.json'), '{}\n')
  const fences = readFileSync(name, 'utf8').matchAll(/^```(?:ts|js|proto)\n(\/\/ ([\w./-]+)\n[^]*?)^```$/gm)
  for (const [, text = '', file = ''] of fences) writeFileSync(path.join(folder, file), changed(file, text))
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.proto')) overworld(folder, ['overworld', 'proto', file])
  }
  for (const [command, ...args] of commands) {
    if (command === 'esbuild' && args.includes('--packages=external'))
      execFileSync(path.resolve('node_modules/.bin/esbuild'), [...args, '--log-level=warning'], { cwd: folder })
  }
  for (const campaign of campaigns) {
    const app = appOf(campaign)
    if (app === '' || existsSync(path.join(folder, app))) continue
    if (!existsSync(path.join(tutorial.folder, 'fuzz-game.js'))) prepare(tutorial)
    copyFileSync(path.join(tutorial.folder, 'fuzz-game.js'), path.join(folder, app))
  }
}

/** The file of `--app`; empty: the campaign has none. */
function appOf(words: readonly string[]): string {
  return words.includes('--app') ? (words[words.indexOf('--app') + 1] ?? '') : ''
}

function withSeed(words: readonly string[], seed: number): readonly string[] {
  const kept: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    if (['--seed', '--runs', '--time', '--jobs'].includes(word)) index++
    else if (word !== '--require-goals') kept.push(word)
  }
  const given = Number(words[words.indexOf('--runs') + 1])
  const most = words.includes('--app') ? RUNS_MAX_OF_APP : RUNS_MAX
  const runs = words.includes('--runs') ? Math.min(given, most) : most
  return [...kept, '--seed', String(seed), '--runs', String(runs)]
}

function overworld(
  folder: string,
  words: readonly string[],
): { readonly status: number | null; readonly output: string } {
  const args = [path.resolve('bin/overworld.js'), ...words.slice(1)]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}` }
}
