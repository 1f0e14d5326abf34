/** Errors of this package are told by what they are, not by which copy of the package has made them. */
import { OverworldError } from 'overworld'
import { expect, test } from 'vitest'

/** As in a program that was bundled with a copy of its own. */
class OtherCopy extends Error {
  override readonly name = 'OverworldError'
  readonly code = 'bad_option'
}

test('an error of another copy of the package is one of ours', () => {
  expect(new OverworldError('bad_option', 'x') instanceof OverworldError).toBe(true)
  expect(new OtherCopy('x') instanceof OverworldError).toBe(true)
})

test.each([
  ['another error', new Error('x')],
  ['an error that only has the name', Object.assign(new Error('x'), { name: 'OverworldError' })],
  ['no error', { name: 'OverworldError', code: 'bad_option' }],
  ['nothing', undefined],
])('%s is none', (_what, value: unknown) => {
  expect(value instanceof OverworldError).toBe(false)
})
