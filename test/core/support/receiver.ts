/** An in-process proxy that writes down what it gets. */
import type { AnyApp } from '../../../core/app/app.ts'
import type { PlainMessage } from '../../../core/app/plain.ts'
import type { InProcessProxy } from '../../../core/session/views.ts'

export class Receiver implements InProcessProxy {
  /** Everything in order: a message's type, or `closed 4500`. */
  readonly heard: string[] = []
  readonly messages: (PlainMessage | Uint8Array)[] = []
  /** Runs within `deliver`. */
  react: ((type: string, message: PlainMessage | Uint8Array) => void) | undefined

  deliver(type: string, message: PlainMessage | Uint8Array, _app: AnyApp): void {
    this.heard.push(type)
    this.messages.push(message)
    this.react?.(type, message)
  }

  closed(code: number): void {
    this.heard.push(`closed ${code}`)
  }
}
