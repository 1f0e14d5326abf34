/** How a user's handler or callback ended. */
import type { Thenable } from '../synchronous.ts'

/** One that returned a promise counts as one that threw. */
export type HandlerFailure =
  | { readonly threw: true; readonly error: unknown; readonly promise?: undefined }
  | { readonly threw: true; readonly promise: Thenable }

export type Handled = { readonly threw: false } | HandlerFailure
