/**
 * Planted bugs: small patches to the core that a fuzzer worth its name must find. They are data, and never part of what
 * runs: `overworld mutants` applies one to a copy of the sources and lets a campaign loose on it. `npm run check` sees
 * to it that each still applies and that the patched source compiles, so that none goes stale unnoticed.
 */

export interface Mutant {
  /** What it does wrong, in two to five words with dashes. */
  readonly name: string
  /** Where it really happened, or which rule of the design it breaks. */
  readonly source: string
  /** What a user of the broken software meets. */
  readonly sentence: string
  readonly edits: readonly Edit[]
}

export interface Edit {
  /** Relative to the root of the repository. */
  readonly file: string
  /** Occurs exactly once in `file`. */
  readonly find: string
  readonly replace: string
}

/** The text of `file` with what `mutant` does to it. Throws where an edit does not apply exactly once. */
export function plant({ name, edits }: Mutant, file: string, text: string): string {
  let patched = text
  for (const edit of edits) {
    if (edit.file !== file) continue
    const occurrences = patched.split(edit.find).length - 1
    if (occurrences !== 1) {
      throw new Error(`mutant '${name}': in ${file} there are ${occurrences} of\n${edit.find}\nwhere there must be one`)
    }
    patched = patched.replace(edit.find, () => edit.replace)
  }
  return patched
}

/** The files that `mutant` changes. */
export function filesOf({ edits }: Mutant): ReadonlySet<string> {
  return new Set(edits.map(({ file }) => file))
}
