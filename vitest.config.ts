import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const libs = join(import.meta.dirname, 'libs')

export default defineConfig({
  // the doors that package.json names in `imports`, at their sources
  resolve: {
    alias: [{ find: /^#((kernel|rest)|(core|infrastructure)\/[\w-]+)$/, replacement: `${libs}/$1/index.ts` }],
  },
  test: {
    include: ['apps/**/*.spec.ts', 'libs/**/*.spec.ts', 'test/**/*.spec.ts'],
    globalSetup: 'test/support/global-setup.ts',
    setupFiles: ['reflect-metadata', 'test/support/silence-nest.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
