import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printable } from '../../core/printable.ts'

test.each([
  ['a title of the terminal', '\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
  ['C1, which some terminals take for ESC [', '\u009b2J', '\\u009b2J'],
  ['a forged line', 'a\r\nb\u2028c', 'a\\u000d\\u000ab\\u2028c'],
  ['text that runs backwards', 'a\u202egpj.exe', 'a\\u202egpj.exe'],
  ['isolates', '\u2066x\u2069', '\\u2066x\\u2069'],
  ['nothing to see', 'a\u200bb\ufeffc\u00add', 'a\\u200bb\\ufeffc\\u00add'],
  ['half a character', 'a\ud800b', 'a\\ud800b'],
  ['a tag beyond the first plane', '\u{e0041}', '\\udb40\\udc41'],
])('%s is escaped', (_, text, shown) => {
  expect(printable(text)).toBe(shown)
})

test('text of people stays as it is', () => {
  for (const text of ['Grüße, 你好, שלום', '👍 {"a":"\\\\"}', '']) expect(printable(text)).toBe(text)
})

test('JSON stays the same JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text })
    }),
  )
})
