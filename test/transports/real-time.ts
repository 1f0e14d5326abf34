/** How the transports' tests wait on real sockets: for a condition, looking again after each turn of the event loop. */

/** Resolves once `condition` holds; rejects after `patienceMs` of real time. */
export async function until(condition: () => boolean, patienceMs = 5000): Promise<void> {
  const giveUpAt = performance.now() + patienceMs
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${patienceMs} ms for: ${condition.toString()}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
