/** How a message travels: the three deliveries of ENet, which an ordered stream (WebSocket) may ignore. */

/** `reliable`: in order, never twice. `unreliable`: sequenced, late ones are dropped. `unsequenced`: any order. */
export type DeliveryMode = 'reliable' | 'unreliable' | 'unsequenced'

export interface Delivery {
  readonly mode: DeliveryMode
  /** 0 to `CHANNEL_COUNT - 1`. Messages on different channels may overtake each other. */
  readonly channel: number
}

/** The channels of an ENet connection (design section 7). */
export const CHANNEL_COUNT = 4

/** Where nothing else is said: reliable on channel 0. */
export const RELIABLE: Delivery = Object.freeze({ mode: 'reliable', channel: 0 })
