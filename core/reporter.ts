/**
 * Tells the owner of a server what went wrong, and keeps a failing `onReport` from ending the server. What user code has thrown is
 * counted.
 */
import { describeError, describeReport, type OnReport, type Report, type Undecodable } from './report.ts'
import type { Counters } from './stats.ts'
import { asyncError, catchRejection, isThenable, type Thenable } from './synchronous.ts'
import type { HandlerFailure } from './turns/handled.ts'
import type { Shell } from './turns/shell.ts'
import { writeToConsole } from './write-to-console.ts'

export class Reporter {
  readonly #onReport: OnReport
  readonly #counters: Counters
  readonly #shell: Shell
  /** Kinds of undecodable messages that were reported. */
  readonly #undecodable = new Set<string>()
  /** It was reported that `onReport` returns promises. */
  #hasToldOfPromise = false
  /** The console has been told that `onReport` throws. */
  #hasToldOfThrow = false

  constructor(onReport: OnReport, counters: Counters, shell: Shell) {
    this.#onReport = onReport
    this.#counters = counters
    this.#shell = shell
  }

  report(report: Report): void {
    const { taps } = this.#shell
    if (taps.isOn) taps.emit.report(report)
    try {
      const returned: unknown = this.#onReport(report)
      if (isThenable(returned)) this.#refusePromiseOf(report, returned)
    } catch (error) {
      this.#onReportThrew(report, error)
    }
  }

  /**
   * Reports that a handler or a callback threw or returned a promise, and later that the promise was rejected.
   * `what` names it; `toReport` makes the report of an error.
   */
  reportFailure(handled: HandlerFailure, what: string, toReport: (error: unknown) => Report): void {
    const { promise } = handled
    this.#counters.throwsTotal++
    this.report(toReport(promise === undefined ? handled.error : asyncError(what)))
    if (promise !== undefined) this.reportRejection(promise, toReport)
  }

  /** Reports that a promise is rejected, if it ever is. */
  reportRejection(promise: Thenable, toReport: (error: unknown) => Report): void {
    catchRejection(promise, (error) => {
      this.#counters.throwsTotal++
      this.report(toReport(error))
    })
  }

  /** Only the first of its kind for each app. */
  reportUndecodable(report: Undecodable): void {
    const { app, why, isSkewed } = report
    const kind = `${app.prefix} ${why} ${isSkewed}`
    if (this.#undecodable.has(kind)) return
    this.#undecodable.add(kind)
    this.report(report)
  }

  /** A logger that fails ends no server. There is nobody left to tell but the console, and once: the next report fails like this one. */
  #onReportThrew(report: Report, error: unknown): void {
    this.#counters.throwsTotal++
    if (this.#hasToldOfThrow) return
    this.#hasToldOfThrow = true
    writeToConsole(
      `overworld: onReport threw (told once): ${describeError(error)}\n  it was told: ${describeReport(report)}`,
    )
  }

  /** Once for each server, and not for what is about itself: `onReport` would hear of itself for ever. */
  #refusePromiseOf(report: Report, promise: Thenable): void {
    const toReport = serverCallbackThrew('onReport')
    const isAboutItself = report.kind === 'callback_threw' && report.callback === 'onReport'
    if (isAboutItself) catchRejection(promise, () => this.#counters.throwsTotal++)
    else this.reportRejection(promise, toReport)
    if (this.#hasToldOfPromise) return
    this.#hasToldOfPromise = true
    this.report(toReport(asyncError('onReport')))
  }
}

/** For a server that nobody has given an `onReport`. */
export function reportToConsole(report: Report): void {
  writeToConsole(describeReport(report))
}

/** The report of an error of a callback that belongs to no session. */
export function serverCallbackThrew(callback: string): (error: unknown) => Report {
  return (error) => ({ kind: 'callback_threw', callback, session: undefined, error })
}
