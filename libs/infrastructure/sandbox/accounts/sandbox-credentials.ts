import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import {
  Credentials,
  emailMissing,
  type HashedPassword,
  type NewPassword,
  unknownUser,
  userDisabled,
} from '#core/users'
import { SandboxDatabase } from '../database/sandbox-database.ts'
import { SandboxSettings } from '../sandbox-settings.ts'
import { canCheck, hashPassword } from './password-hash.ts'

/** Stands in for Keycloak's credentials. Its mails are rows of `sandbox.mails`; nothing answers at their links. */
@Injectable()
export class SandboxCredentials extends Credentials {
  constructor(
    private readonly database: SandboxDatabase,
    private readonly settings: SandboxSettings,
  ) {
    super()
  }

  /** The sandbox's realm has no password policy, as a new one of Keycloak has none. */
  override problemsOf(): Promise<readonly string[]> {
    return Promise.resolve([])
  }

  override problemsOfHash(hash: string): Promise<readonly string[]> {
    return Promise.resolve(canCheck(hash) ? [] : ['must be a PHC string of argon2id or PBKDF2'])
  }

  override async hash({ value, temporary }: NewPassword): Promise<HashedPassword> {
    return { hash: await hashPassword(value), temporary }
  }

  override async lastSet(userId: string): Promise<string | undefined> {
    const sql = 'SELECT md5(password_hash) AS mark FROM sandbox.accounts WHERE id = $1'
    const [account] = await this.database.rows<{ readonly mark: string | null }>(sql, userId)
    return account?.mark ?? undefined
  }

  override async setPassword(userId: string, { value, temporary }: NewPassword): Promise<void> {
    const changed = await this.database.rows(
      'UPDATE sandbox.accounts SET password_hash = $2, password_temporary = $3 WHERE id = $1 RETURNING id',
      userId,
      await hashPassword(value),
      temporary,
    )
    if (changed.length === 0) throw unknownUser()
  }

  override async sendResetMail(userId: string): Promise<void> {
    const sql = 'SELECT email, enabled FROM sandbox.accounts WHERE id = $1'
    const [account] = await this.database.rows<{ readonly email: string | null; readonly enabled: boolean }>(
      sql,
      userId,
    )
    if (account === undefined) throw unknownUser()
    if (account.email === null) throw emailMissing()
    if (!account.enabled) throw userDisabled()
    await this.database.rows(
      'INSERT INTO sandbox.mails (recipient, subject, link) VALUES ($1, $2, $3)',
      account.email,
      'Reset password',
      `${this.settings.issuer}/login-actions/action-token?key=${randomUUID()}`,
    )
  }
}
