import config from '../../../../vitest.config.ts'
export default {
  ...config,
  test: { include: ['test/scenarios/support/failing/*.failing.ts'], setupFiles: ['scenarios/vitest.ts'] },
}
