/** A session as its zone sees it, and a zone as its sessions see it: what either may call of the other. */
import type { Outgoing } from '../app/outgoing.ts'
import type { PartReason, Session, ZoneView } from './views.ts'

export interface Member extends Session {
  readonly zone: MemberZone | undefined
  deliver(outgoing: Outgoing): void
  /** Only its zone calls this. */
  setZone(zone: MemberZone | undefined): void
}

export interface MemberZone extends ZoneView {
  memberDisconnected(session: Member): void
  memberReconnected(session: Member): void
  memberLeft(session: Member, reason: PartReason, message?: object): void
  /** False where the zone has no handler for it. */
  callRpc(session: Member, type: string, message: object): boolean
}
