/**
 * A deadline for somebody else: the time by which a client must have said something.
 *
 * Its timer may fire late because this process was paused. What the clients sent meanwhile is waiting to be read then,
 * and may well be what the deadline is about; so a late one first lets that be read, and only then is over. Two timers
 * long: a transport may collect what its socket gives it and read it from a timer of its own, as ENet's does, and that
 * is set later than our first.
 */
import type { Timer } from '../injected.ts'
import type { Shell } from './shell.ts'
import type { TimerOwner } from './timer-owner.ts'

/** Calls `onOver` once, `delayMs` from now; Infinity: never. Runs within a turn. */
export function setDeadline(shell: Shell, owner: TimerOwner, delayMs: number, onOver: () => void): Timer {
  const deadline = shell.now + delayMs
  let timer = shell.setTimer(owner, delayMs, () => {
    if (shell.now <= deadline) onOver()
    else timer = afterWaitingInput(shell, owner, onOver)
  })
  return { cancel: () => timer?.cancel() }
}

/** Calls `then` once what is waiting to be read now has been read. Runs within a turn. */
export function afterWaitingInput(shell: Shell, owner: TimerOwner, then: () => void): Timer {
  let timer = shell.setTimer(owner, 0, () => (timer = shell.setTimer(owner, 0, then)))
  return { cancel: () => timer?.cancel() }
}
