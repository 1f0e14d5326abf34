/**
 * What one direction of a path is like, as plain data in tc-netem's words. Probabilities are fractions from 0 to 1;
 * every setting has an off value, and all are off by default: a link is instant and perfect until told otherwise.
 */
import { OverworldError } from '../core/errors.ts'
import { DISTRIBUTIONS, type Distribution } from './distribution.ts'

export interface LinkSettings {
  /** One way. 0: none. */
  readonly delayMs: number
  /** How far the delay spreads to either side (see `distribution.ts`). By itself it never reorders. 0: none. */
  readonly jitterMs: number
  readonly distribution: Distribution
  /** How much each packet's jitter resembles the one before. 0: not at all. */
  readonly correlation: number
  /** A probability, or correlated random loss, or bursts. 0: none. */
  readonly loss: number | RandomLoss | GilbertElliottLoss
  /** The probability that a packet arrives twice. 0: never. */
  readonly duplicate: number
  /** Packets that overtake: they skip the delay, as in netem, so that without a delay nothing is reordered. 0: none. */
  readonly reorder: number | Reorder
  /** The probability that a bit is flipped; the receiver's checksum then refuses the packet. 0: never. */
  readonly corrupt: number
  /** The bottleneck; packets queue in front of it (bufferbloat). 0: as fast as you like. */
  readonly rateBytesPerSecond: number
  /** How many packets may wait for the bottleneck; more are dropped at the tail. netem's default. 0: no limit. */
  readonly limitPackets: number
  /** How many bytes may wait for the bottleneck. 0: no limit. */
  readonly limitBytes: number
  /** Larger packets vanish (a path MTU black hole). 0: no limit. */
  readonly mtuBytes: number
}

export interface RandomLoss {
  readonly random: number
  readonly correlation: number
}

/** Loss in bursts: a good and a bad state, each with its own loss. The names and defaults are netem's (`gemodel`). */
export interface GilbertElliottLoss {
  /** Probability of going from good to bad, for each packet. */
  readonly p: number
  /** Probability of going from bad to good. Default 1 − p. */
  readonly r?: number
  /** Probability of loss in the bad state. Default 1. */
  readonly '1-h'?: number
  /** Probability of loss in the good state. Default 0. */
  readonly '1-k'?: number
}

export interface Reorder {
  readonly probability: number
  /** Only every n-th packet can overtake. Default 1: any. */
  readonly gap?: number
}

export const CLEAN_LINK: LinkSettings = Object.freeze({
  delayMs: 0,
  jitterMs: 0,
  distribution: 'uniform',
  correlation: 0,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  corrupt: 0,
  rateBytesPerSecond: 0,
  limitPackets: 1000,
  limitBytes: 0,
  mtuBytes: 0,
})

/** A day: enough for any delay, and sums of microseconds stay exact. */
const DELAY_MS_MAX = 86_400_000

/** Throws `bad_option` with the setting's name. */
export function checkLinkSettings(settings: LinkSettings): void {
  for (const name of Object.keys(settings)) {
    if (!Object.hasOwn(CLEAN_LINK, name)) refuse(name, 'no such setting', `use ${Object.keys(CLEAN_LINK).join(', ')}`)
  }
  checkNumber('delayMs', settings.delayMs, DELAY_MS_MAX)
  checkNumber('jitterMs', settings.jitterMs, DELAY_MS_MAX)
  if (!DISTRIBUTIONS.includes(settings.distribution)) {
    refuse('distribution', String(settings.distribution), `use ${DISTRIBUTIONS.join(', ')}`)
  }
  checkFraction('correlation', settings.correlation)
  checkLoss(settings.loss)
  checkFraction('duplicate', settings.duplicate)
  checkReorder(settings.reorder)
  checkFraction('corrupt', settings.corrupt)
  checkNumber('rateBytesPerSecond', settings.rateBytesPerSecond, Number.MAX_SAFE_INTEGER)
  checkWhole('limitPackets', settings.limitPackets)
  checkWhole('limitBytes', settings.limitBytes)
  checkWhole('mtuBytes', settings.mtuBytes)
}

function checkLoss(loss: LinkSettings['loss']): void {
  if (typeof loss === 'number') {
    checkFraction('loss', loss)
  } else if ('random' in loss) {
    checkFraction('loss.random', loss.random)
    checkFraction('loss.correlation', loss.correlation)
  } else {
    checkFraction('loss.p', loss.p)
    checkFraction('loss.r', loss.r ?? 1 - loss.p)
    checkFraction('loss.1-h', loss['1-h'] ?? 1)
    checkFraction('loss.1-k', loss['1-k'] ?? 0)
  }
}

function checkReorder(reorder: LinkSettings['reorder']): void {
  if (typeof reorder === 'number') {
    checkFraction('reorder', reorder)
  } else {
    checkFraction('reorder.probability', reorder.probability)
    const gap = reorder.gap ?? 1
    if (!(Number.isSafeInteger(gap) && gap >= 1)) refuse('reorder.gap', String(gap), 'give an integer from 1')
  }
}

function checkFraction(name: string, value: number): void {
  if (!(typeof value === 'number' && value >= 0 && value <= 1))
    refuse(name, String(value), 'give a probability from 0 to 1')
}

function checkNumber(name: string, value: number, max: number): void {
  if (!(typeof value === 'number' && value >= 0 && value <= max))
    refuse(name, String(value), `give a number from 0 to ${max}`)
}

function checkWhole(name: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 0)) refuse(name, String(value), 'give an integer from 0 (0: no limit)')
}

function refuse(name: string, value: string, advice: string): never {
  throw new OverworldError('bad_option', `link setting ${name} is ${value}: ${advice}`)
}
