/** What the store of a client should hold, as its observer sees it. Programs that share a store share this as well. */
export class KeptToken {
  /** Empty: there is no session to come back to. */
  token = ''
  sessionId: number | undefined
  /** The number of the request that was answered with `token`. */
  tokenAttempt = 0
  /** The number of the last request. */
  attempt = 0

  copy(): KeptToken {
    return Object.assign(new KeptToken(), this)
  }

  /** `session_new` has answered request number `attempt`. A later request's token stays. */
  received(sessionId: number, token: string, attempt: number): void {
    if (this.token !== '' && this.tokenAttempt > attempt) return
    this.token = token
    this.sessionId = sessionId
    this.tokenAttempt = attempt
  }

  forget(): void {
    this.token = ''
    this.sessionId = undefined
  }

  /** The store is empty. */
  clear(): void {
    this.forget()
    this.tokenAttempt = 0
    this.attempt = 0
  }
}
