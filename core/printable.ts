/**
 * Text of others as it may be printed: control characters steer a terminal (a title, a line that is overwritten), a line
 * break forges a line of a log, marks for the direction of writing and characters without width show something else than
 * what is there, and half a surrogate pair is no text at all.
 */

/** C0 and C1 controls; formatting characters, such as bidirectional marks and zero widths; separators; lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * `text` on one line. Each such character becomes what `replace` gives; by default it is written as in JSON (`\u001b`), so
 * that JSON stays the same JSON.
 */
export function printable(text: string, replace: (character: string) => string = escapeUnits): string {
  return text.replaceAll(UNPRINTABLE, replace)
}

function escapeUnits(character: string): string {
  let escaped = ''
  for (let at = 0; at < character.length; at++) {
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
  }
  return escaped
}
