/** Lines that belong to the sentence before them. */
export function inLines(lines: readonly string[]): string {
  return lines.map((line) => `      ${line}`).join('\n')
}
