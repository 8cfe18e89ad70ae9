import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { findKeycloak } from './test/support/keycloak/find-keycloak.ts'
import { wantedReplicas } from './test/support/wanted-replicas.ts'

const libs = join(import.meta.dirname, 'libs')

const shared = {
  // the doors that package.json names in `imports`, at their sources
  resolve: {
    alias: [{ find: /^#((kernel|rest)|(core|infrastructure|dialects)\/[\w-]+)$/, replacement: `${libs}/$1/index.ts` }],
  },
}
const tests = {
  setupFiles: ['reflect-metadata', 'test/support/silence-nest.ts'],
  testTimeout: 30_000,
  expect: { poll: { timeout: 10_000 } },
  hookTimeout: 60_000,
  pool: 'forks' as const,
}
const specs = '{apps,libs,test}/**/*.spec.ts'
// what stands on the sandbox stands over the real systems as well: these run on both
const alsoOverReal = [
  ...['users', 'user-updates', 'domains', 'provisioning', 'sessions', 'login-names'].map((name) => `native/${name}`),
  ...['extensions', 'sign-in-digests'].map((name) => `dialects/${name}`),
  ...['documentation', 'clients', 'bad-input', 'lists', 'user-auth', 'moving-over', 'quickcall', 'refusals'].map(
    (name) => `kazoo/${name}`,
  ),
].map((name) => `test/wire/${name}.spec.ts`)
// requests are spread over two replicas, and over the real systems they go to one, unless somebody wants it otherwise
const replicas = { onSandbox: wantedReplicas() ?? 2, overReal: wantedReplicas() ?? 1 }
const realSpecs = '{apps,libs,test}/**/*.real.spec.ts'

export default defineConfig({
  ...shared,
  test: {
    globalSetup: 'test/support/global-setup.ts',
    maxWorkers: 2,
    projects: [
      {
        ...shared,
        test: {
          ...tests,
          name: 'kitter',
          include: [specs],
          exclude: [realSpecs],
          provide: { replicas: replicas.onSandbox },
        },
      },
      // over the real Keycloak, which starts while the others run
      {
        ...shared,
        test: {
          ...tests,
          name: 'real',
          include: [realSpecs, ...(findKeycloak() === undefined ? [] : alsoOverReal)],
          provide: { systems: 'real', replicas: replicas.overReal },
          globalSetup: 'test/support/keycloak/global-setup.ts',
          hookTimeout: 330_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
