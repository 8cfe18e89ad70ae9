/** An account as Keycloak keeps it, with names and addresses in lower case. */
export interface Account {
  readonly login_name: string
  readonly email: string | null
  readonly email_verified: boolean
  readonly enabled: boolean
  readonly first_name: string | null
  readonly last_name: string | null
  readonly attributes: Readonly<Record<string, readonly string[]>>
  readonly roles: readonly string[]
}

export interface AccountChange {
  readonly loginName?: string
  readonly email?: string
  readonly enabled?: boolean
  readonly firstName?: string
  readonly lastName?: string
}

/** A look into Keycloak behind the API, and drift to order. */
export interface KeycloakLook {
  account(id: string): Promise<Account | undefined>
  accountsNamed(loginName: string): Promise<number>
  /** All there are, to compare. */
  everything(): Promise<unknown>
  /** Somebody makes an account, and kitter doesn't know. Gives back its id. */
  createAccount(loginName: string, email?: string): Promise<string>
  /** Somebody gives what kitter knows nothing of. */
  giveAttribute(id: string, name: string, value: string): Promise<void>
  /** Somebody changes it in the console. An empty text clears a field. */
  changeAccount(id: string, change: AccountChange): Promise<void>
  /** Somebody sets a password past kitter. */
  setPassword(id: string, password: string): Promise<void>
  giveRole(id: string, role: string): Promise<void>
  removeAccount(loginName: string): Promise<void>
  sessionsOf(id: string): Promise<number>
  /** The links of the mails that have been sent there. */
  mailsTo(address: string): Promise<readonly string[]>
}
