/** What a run's account shows of a client. */
import type { ClientStatus } from '../../core/index.ts'

export type ClientNote =
  | { readonly kind: 'dial'; readonly connection: number; readonly address: string }
  | { readonly kind: 'opened' | 'heard' | 'said'; readonly connection: number; readonly bytes?: Uint8Array }
  | { readonly kind: 'closed'; readonly connection: number; readonly code: number; readonly isCurrent: boolean }
  | { readonly kind: 'status'; readonly status: ClientStatus }
