/**
 * `npm run hostile`: besieges a real ENet server on the loopback with 1,000,000 hostile datagrams (mutations of real
 * conversations, connects that nobody finishes) while a friend plays, and prints how it goes. Exit code 1: the friend
 * was disturbed, a newcomer was kept out, or something was reported.
 *
 * `npm run hostile -- 50000 7`: so many, and seed 7 instead of 1.
 */
import process from 'node:process'
import { besiegeEnet, type SiegeReport } from '../scenarios/hostile/enet-siege.ts'

const [datagrams = 1_000_000, seed = 1] = process.argv.slice(2).map(Number)

console.log(
  '  datagrams      sent      rate     heap      rss     enet   friend heard/said, longest wait, newcomers in',
)
const report = await besiegeEnet({ datagrams, seed, onProgress: (progress) => console.log(lineOf(progress)) })
console.log(lineOf(report))
for (const [name, value] of Object.entries({ ...report.adapter, ...report.server })) {
  if (value !== 0) console.log(`  ${name.padEnd(34)} ${value.toLocaleString('en').padStart(12)}`)
}
const complaints = complaintsOf(report)
for (const complaint of complaints) console.error(complaint)
process.exitCode = complaints.length > 0 ? 1 : 0

function lineOf({ received, sent, seconds, memory, friend, newcomers }: SiegeReport): string {
  const numbers = [received, sent, received / seconds].map((value) =>
    Math.round(value).toLocaleString('en').padStart(10),
  )
  const sizes = [memory.heap, memory.rss, memory.enet].map((value) => `${value.toFixed(0)} MiB`.padStart(8))
  const talk = `${friend.heard}/${friend.said}, ${friend.waitMsMax.toFixed(0)} ms`
  return `${numbers.join('')}/s ${sizes.join(' ')}   ${talk}, ${newcomers.in}/${newcomers.dialled} in ${newcomers.waitMsMax.toFixed(0)} ms`
}

function complaintsOf({ friend, newcomers, errors }: SiegeReport): string[] {
  const complaints: string[] = errors.map((error) => `reported: ${String(error)}`)
  if (friend.lost > 0) complaints.push(`the friend lost the connection ${friend.lost} times`)
  if (friend.heard < friend.said) complaints.push(`the friend was not answered ${friend.said - friend.heard} times`)
  if (newcomers.in < newcomers.dialled) complaints.push(`${newcomers.dialled - newcomers.in} newcomers were kept out`)
  return complaints
}
