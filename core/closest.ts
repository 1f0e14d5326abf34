/** Which of some names a mistyped one probably means, for error messages. */

/** The name of `names` that is fewest edits away from `text`, if that is not too far; case does not count. */
export function closestTo(text: string, names: readonly string[]): string | undefined {
  let best: string | undefined
  let bestEdits = Math.max(2, Math.floor(text.length / 3)) + 1
  for (const name of names) {
    const edits = countEdits(text.toLowerCase(), name.toLowerCase())
    if (edits >= bestEdits) continue
    best = name
    bestEdits = edits
  }
  return best
}

/** Insertions, deletions and replacements that make `a` into `b` (Levenshtein's distance). */
function countEdits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
