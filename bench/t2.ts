import { runCampaign } from '../scenarios/fuzz/campaign.ts'
import { simulatedChat, simulatedArena } from '../scenarios/apps/bots.ts'
const apps = [simulatedChat, simulatedArena(100)]
const t = performance.now()
const r = runCampaign({ seed: Number(process.argv[2] ?? 1), runs: Number(process.argv[3] ?? 300), apps })
const s = (performance.now() - t) / 1000
console.log(r.runs, r.held, r.fingerprint, r.runs / s, 'runs/s', r.simulatedSeconds / r.runs, r.messages / r.runs)
console.log(JSON.stringify(r.failure, null, 1), r.nondeterminism)
if (r.held)
  console.log(
    [...r.goals].filter(([, n]) => n < 20),
    [...r.invariants].filter(([, n]) => n < 50),
  )
