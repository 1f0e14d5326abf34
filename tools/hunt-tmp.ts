import { huntMutants } from './hunt-mutants.ts'
import { ADAPTER_MUTANTS } from '../scenarios/mutants/adapters.ts'
const only = process.argv[2]?.split(',')
await huntMutants({ mutants: ADAPTER_MUTANTS.filter((m) => !only || only.includes(m.name)), seed: 5, runs: Number(process.argv[3] ?? 30), jobs: 2, network: 'wire', onHunted: (h) => console.log(h.name.padEnd(28), h.found, h.runs, h.seconds.toFixed(1), h.invariant, String(h.message).slice(0, 150)) })
