/**
 * The file of `overworld fuzz --resume FILE`: what a campaign is, and where it stands. It is written now and then while
 * the campaign runs, so that one that was stopped, however it was stopped, goes on from there.
 */
import { crc32 } from '../../recording/checksum.ts'
import { readCheckpoint, type CampaignCheckpoint, type Shard } from '../../scenarios/index.ts'
import { usageError } from '../exit-codes.ts'
import type { CodeVersion } from '../find-version.ts'
import { damagedFile, parseJson, readWhole, writeWhole } from '../kept-file.ts'
import { NETWORKS, type NetworkName } from '../network.ts'
import type { From } from './around.ts'

/** What a campaign is: with other answers it would be another campaign. */
export interface CampaignIdentity {
  readonly code: CodeVersion
  readonly seed: number
  readonly shard: Shard | null
  readonly checkDeterminism: boolean
  readonly network: NetworkName
  /** Names, in their order. */
  readonly apps: readonly string[]
  /** What it draws around; null: whole scenarios are drawn. */
  readonly from: From | null
}

export interface SavedCampaign extends CampaignIdentity {
  readonly appFile: string | null
  /** How many runs it is to have at most; null: no end was set. */
  readonly runs: number | null
  /** Real time that it has taken so far. */
  readonly wallSeconds: number
  readonly checkpoint: CampaignCheckpoint
}

const KIND = 'overworld campaign'
const VERSION = 1

export function saveCampaign(file: string, campaign: SavedCampaign): void {
  const whole = { kind: KIND, version: VERSION, ...campaign }
  writeWhole(file, `${JSON.stringify({ ...whole, checksum: checksumOf(whole) }, undefined, 2)}\n`)
}

/** Undefined: there is no such file yet. */
export function loadCampaign(file: string): SavedCampaign | undefined {
  const text = readWhole(file)
  if (text === undefined) return undefined
  const { checksum, ...whole } = (parseJson(text, file) ?? {}) as Readonly<Record<string, unknown>>
  if (whole['kind'] !== KIND) throw damagedFile(file, 'it is no campaign that `overworld fuzz --resume` has written')
  if (whole['version'] !== VERSION) {
    throw usageError(`${file} has version ${String(whole['version'])}; this program reads version ${VERSION}`)
  }
  if (checksum !== checksumOf(whole)) throw damagedFile(file, 'its checksum does not fit what is in it')
  if (!isCampaign(whole)) throw damagedFile(file, 'it lacks what a campaign is, or says something else there')
  try {
    readCheckpoint(whole['checkpoint'])
  } catch (error) {
    throw damagedFile(file, (error as Error).message)
  }
  return whole as unknown as SavedCampaign
}

/** Its checksum is one that anybody can make. */
function isCampaign(whole: Readonly<Record<string, unknown>>): boolean {
  const { code, seed, shard, checkDeterminism, network, apps, from, appFile, runs, wallSeconds } = whole
  const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null
  return (
    isObject(code) &&
    typeof code['version'] === 'string' &&
    typeof code['commit'] === 'string' &&
    isWhole(seed) &&
    seed <= 0xffff_ffff &&
    (shard === null ||
      (isObject(shard) && isWhole(shard['index']) && isWhole(shard['of']) && shard['index'] < shard['of'])) &&
    typeof checkDeterminism === 'boolean' &&
    NETWORKS.some((known) => known === network) &&
    Array.isArray(apps) &&
    apps.every((name) => typeof name === 'string') &&
    // A file of an earlier version says nothing about it.
    (from === null || from === undefined || (isObject(from) && typeof from['file'] === 'string')) &&
    (appFile === null || typeof appFile === 'string') &&
    (runs === null || isWhole(runs)) &&
    typeof wallSeconds === 'number'
  )
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** Refuses to go on with a campaign as another one: their runs would not add up. */
export function checkIdentity(file: string, saved: CampaignIdentity, asked: CampaignIdentity): void {
  const differences = [
    differ('seed', saved.seed, asked.seed),
    differ('shard', shardInWords(saved.shard), shardInWords(asked.shard)),
    differ('network', saved.network, asked.network),
    differ('check-determinism', saved.checkDeterminism, asked.checkDeterminism),
    differ('--from', fromInWords(saved), fromInWords(asked)),
    differ('apps', saved.apps.join(', '), asked.apps.join(', ')),
    differ('version', saved.code.version, asked.code.version),
    differ('commit', saved.code.commit || 'none', asked.code.commit || 'none'),
  ].filter((difference) => difference !== undefined)
  if (differences.length === 0) return
  throw usageError(
    `${file} is another campaign: ${differences.join('; ')}. ` +
      'Runs of two campaigns do not add up: go on with what it was begun with, or begin anew in another file',
  )
}

function differ(what: string, saved: unknown, asked: unknown): string | undefined {
  return saved === asked ? undefined : `its ${what} is ${String(saved)}, not ${String(asked)}`
}

function fromInWords({ from }: CampaignIdentity): string {
  // A file of an earlier version says nothing about it.
  return from?.file === undefined ? 'none' : `${from.file} (checksum ${from.checksum.toString(16)})`
}

function shardInWords(shard: Shard | null): string {
  return shard === null ? 'none' : `${shard.index + 1}/${shard.of}`
}

function checksumOf(whole: object): number {
  return crc32(new TextEncoder().encode(JSON.stringify(whole)))
}
