/** The threads of `overworld fuzz --jobs N`: a pool that makes the runs of a campaign. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Tinypool } from 'tinypool'
import type { Batch, BatchResult } from '../../scenarios/index.ts'

export interface CampaignThreads {
  makeBatch(batch: Batch): Promise<BatchResult>
  end(): Promise<void>
}

export function startCampaignThreads(jobs: number, appFile: string | undefined): CampaignThreads {
  const pool = new Tinypool({ filename: workerFile(), minThreads: jobs, maxThreads: jobs })
  const appPath = appFile === undefined ? undefined : path.resolve(appFile)
  return {
    makeBatch: (batch) => pool.run({ batch, appFile: appPath }) as Promise<BatchResult>,
    end: () => pool.destroy(),
  }
}

/** It lies in `bin/` of this package: two folders up from here in a checkout, three in the build. */
function workerFile(): string {
  const here = fileURLToPath(import.meta.url)
  const root = here.endsWith('.ts') ? '../../..' : '../../../..'
  return path.resolve(here, root, 'bin', 'campaign-worker.js')
}
