/**
 * A recorder calls code that is not its own: a sink, a listener for warnings, and whatever an argument has for getters and
 * traps. Whatever that throws, now or later, must not come out at the server.
 */

/** Words for anything that was thrown, which may itself refuse to be looked at. */
export function describeThrown(thrown: unknown): string {
  try {
    const message: unknown = thrown instanceof Error ? thrown.message : thrown
    return String(message)
  } catch {
    return 'something was thrown that cannot be looked at'
  }
}

/** Hears when `result` is a promise that is rejected: an asynchronous function where a plain one was asked for. */
export function whenRejected(result: unknown, onRejected: (thrown: unknown) => void): void {
  if (typeof result !== 'object' || result === null || !('then' in result)) return
  const { then } = result
  if (typeof then === 'function') Reflect.apply(then, result, [undefined, onRejected])
}
