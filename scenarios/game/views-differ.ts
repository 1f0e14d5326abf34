/** A client sees something else than its zone shows. */
import { InvariantBroken } from '../invariants.ts'
import type { About } from './game-account.ts'

export class ViewsDiffer extends InvariantBroken {
  readonly about: About

  constructor(message: string, about: About) {
    super('views-agree', message)
    this.about = about
  }
}
