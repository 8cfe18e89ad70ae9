import type { Role } from '#kernel'
import type { RealRealm } from './real-realm.ts'
import type { Mailbox } from './mailbox.ts'

type Tokens = Promise<Readonly<Record<string, unknown>>>

/** What a `TestKitter` runs over, and how people get tokens there. */
export interface TestSystems extends AsyncDisposable {
  /** Where they are, for kitter's environment. */
  readonly settings: Readonly<Record<string, string>>
  /** The real Keycloak's realm and mails; none on the sandbox, which keeps all in kitter's database. */
  readonly real?: { readonly realm: RealRealm; readonly mailbox: Mailbox }
  adminToken(kitter: Pick<KitterPlace, 'dataDir'>): Promise<string>
  token(kitter: KitterPlace, role: Role, domain?: string): Promise<string>
  logIn(kitter: KitterPlace, username: string, password: string, scope: string): Tokens
  refresh(kitter: KitterPlace, refreshToken: string): Tokens
}

export interface KitterPlace {
  readonly url: string
  readonly dataDir: string
}
