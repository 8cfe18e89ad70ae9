import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { SandboxIdentityProvider } from './sandbox-identity-provider.ts'
import { sandboxRealm } from './sandbox-realm.ts'

/** Serves the sandbox's realm below `<prefix>/realms/kitter`. Before the app is initialised or listens. */
export function mountSandbox(app: NestFastifyApplication, prefix = ''): void {
  app.use(`${prefix}${sandboxRealm.path}`, app.get(SandboxIdentityProvider).middleware())
}
