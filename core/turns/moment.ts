/** Which event a tap is told, and from which other one it follows. */

/** Valid during each call of a tap's method. */
export interface Moment {
  /** Of the event that is told now. Ascending; in the simulator they are unique in the whole world. */
  readonly number: number
  /**
   * The number of the event that this one follows from; 0: unknown, or none. Of a message it is the `send` at the other end
   * (in the simulator), of `fired` the `setTimer`, of an output or a handler the input or what was `asked`.
   */
  readonly cause: number
}
