/** How the values of options are read, and command lines are quoted. */
import { expect, test } from 'vitest'
import { closestTo } from '../../core/closest.ts'
import { formatCount } from '../../cli/numbers.ts'
import { parseCount, parseDuration, parsePort, parseSeed, parseSpeed, parseTimeout } from '../../cli/parse.ts'
import { shellCommand } from '../../cli/shell-words.ts'

test.each([
  ['500ms', 500],
  ['60s', 60_000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['0', 0],
])('the duration %s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each(['', '5', '-5s', '5 s', '5d', 's', 'never', '1e3s'])('%j is no duration', (text) => {
  expect(() => parseDuration(text)).toThrow(/500ms/)
})

test('a timeout may be `never`', () => {
  expect(parseTimeout('never')).toBe(Infinity)
  expect(parseTimeout('3s')).toBe(3_000)
})

test('a speed is a number above 0, or `max`', () => {
  expect(['1', '0.5', '20', 'max'].map(parseSpeed)).toEqual([1, 0.5, 20, Infinity])
  for (const text of ['0', '-1', '', 'fast', '1e3', 'Infinity']) expect(() => parseSpeed(text)).toThrow(/max/)
})

test('a seed is a uint32', () => {
  expect(parseSeed('4294967295')).toBe(0xffff_ffff)
  for (const text of ['4294967296', '-1', '1.5', '0x10', ' 1', '']) expect(() => parseSeed(text)).toThrow(/seed/)
})

test('ports and counts have their ranges', () => {
  expect(parsePort('0')).toBe(0)
  expect(() => parsePort('65536')).toThrow(/65535/)
  expect(parseCount('1')).toBe(1)
  expect(() => parseCount('0')).toThrow(/1 or more/)
})

test('words that a shell would take apart are quoted', () => {
  expect(shellCommand('npx', 'overworld', 'run', "it's mine/x.json")).toBe(`npx overworld run 'it'\\''s mine/x.json'`)
})

test('a misspelt name finds its original, a strange one finds none', () => {
  expect(closestTo('tunel', ['calm', 'tunnel', 'long-tunnel'])).toBe('tunnel')
  expect(closestTo('something-else', ['calm', 'tunnel'])).toBeUndefined()
})

test('counts have their plural', () => {
  expect([formatCount(1, 'run'), formatCount(2, 'try'), formatCount(1000, 'step')]).toEqual([
    '1 run',
    '2 tries',
    '1,000 steps',
  ])
})
