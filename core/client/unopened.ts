/**
 * Why a client cannot connect at all. A page is told nothing but 1006 when the server answers 404 or 426, or nobody
 * answers; a client that retries for ever says how often, and what to check.
 */

/** After so many dials in a row that did not open, the reason says so. */
const UNOPENED_MIN = 3

/** `dials`: in a row, whose connections ended before they were open. */
export function explainUnopened(dials: number, reason: string, address: string): string {
  if (dials < UNOPENED_MIN) return reason
  const what = reason === '' ? 'the connection was not opened' : reason
  return `${what} (${dials} dials in a row did not open a connection: check that the server listens at ${address}, its path, and the proxy before it)`
}
