import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Role } from '#kernel'
import { askForTokens } from './ask-for-tokens.ts'
import type { KitterPlace, TestSystems } from './test-systems.ts'

/** Kitter's own stand-ins, which live in its process. */
export class SandboxSystems implements TestSystems {
  readonly settings = {}

  async adminToken({ dataDir }: Pick<KitterPlace, 'dataDir'>): Promise<string> {
    return (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim()
  }

  /** As `kitter token` gives it. */
  async token(kitter: KitterPlace, role: Role, domain?: string): Promise<string> {
    const { access_token: token } = await askForTokens(kitter.url, {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: await this.adminToken(kitter),
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      role,
      ...(domain !== undefined && { domain }),
    })
    return String(token)
  }

  logIn(
    kitter: KitterPlace,
    username: string,
    password: string,
    scope: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    return askForTokens(kitter.url, { grant_type: 'password', username, password, scope })
  }

  refresh(kitter: KitterPlace, refreshToken: string): Promise<Readonly<Record<string, unknown>>> {
    return askForTokens(kitter.url, { grant_type: 'refresh_token', refresh_token: refreshToken })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }
}
