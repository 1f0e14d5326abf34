/** What holds for every connection, whatever the weather and whatever breaks. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkDelivered, checkEvents, fatal, mild, play, type Step } from './random-connections.ts'

for (const scheme of ['ws', 'enet'] as const) {
  test(`${scheme}: reliable messages arrive in order, each once, and all of them while the connection lives`, () => {
    let alive = 0
    fc.assert(
      fc.property(fc.nat(), fc.array(mild, { maxLength: 60, size: 'max' }), (seed, steps) => {
        const outcome = play(scheme, seed, steps)
        for (const each of [outcome.heard.client, outcome.heard.server]) checkEvents(each)
        checkDelivered(outcome)
        if (outcome.isConnected) alive += 1
        expect([outcome.depth, outcome.left]).toEqual([0, 0])
      }),
      { seed: 1, numRuns: 150 },
    )
    // Most of them live through it: the law above is no empty one.
    expect(alive).toBeGreaterThan(75)
  })

  test(`${scheme}: whatever breaks, opened comes first, closed once and last, and nothing is left in the end`, () => {
    const fates = new Set<string>()
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(mild, { maxLength: 25, size: 'max' }),
        fc.array(fatal, { minLength: 1, maxLength: 2 }),
        fc.array(mild, { maxLength: 10, size: 'max' }),
        (seed, before, deaths, after) => {
          const outcome = play(scheme, seed, [...before, ...deaths, ...after])
          for (const each of [outcome.heard.client, outcome.heard.server]) checkEvents(each)
          checkDelivered({ ...outcome, isConnected: false })
          // Both ends of a half-open stream that says nothing go on believing in it.
          const mayBelieve = scheme === 'ws' && deaths.every(({ kind }) => kind === 'halfOpen')
          expect(outcome.isConnected && !mayBelieve).toBe(false)
          expect([outcome.depth, outcome.left]).toEqual([0, 0])
          fates.add(`${outcome.heard.client.events.at(-1)} ${outcome.heard.server.events.at(-1)}`)
        },
      ),
      { seed: 1, numRuns: 150 },
    )
    // One end closes and the other never does, in both ways.
    expect(fates).toContain('closed closed')
    expect(fates.size).toBeGreaterThan(3)
  })

  test(`${scheme}: the same seed gives the same run, another one another`, () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(mild, { minLength: 5, maxLength: 30, size: 'max' }), (seed, steps) => {
        const first = play(scheme, seed, [
          { kind: 'links', settings: { loss: 0.2, jitterMs: 10, delayMs: 20 } },
          ...steps,
        ])
        const second = play(scheme, seed, [
          { kind: 'links', settings: { loss: 0.2, jitterMs: 10, delayMs: 20 } },
          ...steps,
        ])
        expect(second.fingerprint).toBe(first.fingerprint)
        expect(second.heard).toEqual(first.heard)
      }),
      { seed: 1, numRuns: 30 },
    )
    const steps: Step[] = [{ kind: 'links', settings: { loss: 0.4, jitterMs: 30, delayMs: 50 } }]
    for (let index = 0; index < 20; index++) {
      steps.push({ kind: 'send', from: 'client', delivery: { mode: 'unreliable', channel: 0 }, sizeBytes: 20 })
    }
    expect(play(scheme, 1, steps).fingerprint).not.toBe(play(scheme, 2, steps).fingerprint)
  })
}
