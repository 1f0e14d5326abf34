/** The two bytes before each of Overworld's own messages; apps have others. */
export const PROTOCOL_PREFIX = 100
