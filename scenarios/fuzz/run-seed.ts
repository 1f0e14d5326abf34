/** The seed of run `index` of a campaign: so that any run can be made again by itself. */

/** Both are uint32; the finaliser is MurmurHash3's, which changes every bit with every bit. */
export function runSeed(campaignSeed: number, index: number): number {
  return mix(mix(campaignSeed) ^ Math.imul(index, 0x9e3779b1))
}

function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
