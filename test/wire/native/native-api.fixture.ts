import type { CallOptions, TestKitter } from '../../support/test-kitter.ts'

export interface DomainShape {
  readonly id: string
  readonly domain: string
  readonly enable_anonymous: boolean
  readonly anonymous_capabilities: readonly string[]
  readonly origins: readonly string[]
  readonly parent: string | null
  readonly remote_sip_register: boolean
  readonly services: Readonly<Record<string, readonly string[]>>
}

export interface UserShape {
  readonly id: string
  readonly username: string
  readonly attributes: Readonly<Record<string, string | readonly string[]>>
  readonly email?: string
  readonly enabled: boolean
  readonly first_name?: string
  readonly last_name?: string
  readonly email_verified: boolean
}

export interface SearchShape {
  readonly users: readonly UserShape[]
  readonly total: number
  readonly total_is_estimate: boolean
  readonly next?: string
}

export interface EntryShape {
  readonly name: string
  readonly value: string
}

/** An answer whose body has this shape, if it isn't a refusal. */
export interface Reply<Body> {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Body
}

type Fields = Readonly<Record<string, unknown>>
type Query = string | Readonly<Record<string, string>>

/** The native API, one method an operation. Whether it agreed is the test's to see. */
export class NativeApi {
  private readonly kitter: TestKitter
  private readonly options: Pick<CallOptions, 'token'>

  /** With the admin's token, or another one. */
  constructor(kitter: TestKitter, token?: string) {
    this.kitter = kitter
    this.options = token === undefined ? {} : { token }
  }

  listDomains(query: Query = ''): Promise<Reply<{ readonly domains: readonly DomainShape[] }>> {
    return this.call('GET', `/domains${searchOf(query)}`)
  }

  createDomain(domain: Fields): Promise<Reply<{ readonly domain: DomainShape }>> {
    return this.call('POST', '/domains', { domain })
  }

  readDomain(id: string): Promise<Reply<{ readonly domain: DomainShape }>> {
    return this.call('GET', `/domains/${id}`)
  }

  updateDomain(id: string, change: Fields): Promise<Reply<{ readonly domain: DomainShape }>> {
    return this.call('PATCH', `/domains/${id}`, change)
  }

  removeDomain(id: string): Promise<Reply<undefined>> {
    return this.call('DELETE', `/domains/${id}`)
  }

  logOutDomain(id: string): Promise<Reply<{ readonly logged_out: number }>> {
    return this.call('POST', `/domains/${id}/logout`)
  }

  listUsers(query: Query = ''): Promise<Reply<{ readonly users: readonly UserShape[]; readonly total: number }>> {
    return this.call('GET', `/users${searchOf(query)}`)
  }

  searchUsers(query: Query = ''): Promise<Reply<SearchShape>> {
    return this.call('GET', `/users/search${searchOf(query)}`)
  }

  createUser(user: Fields): Promise<Reply<{ readonly user: UserShape }>> {
    return this.call('POST', '/users', { user })
  }

  findUser(domain: string, username: string): Promise<Reply<UserShape>> {
    return this.call('GET', `/users/${encodeURIComponent(domain)}/${encodeURIComponent(username)}`)
  }

  readUser(id: string): Promise<Reply<{ readonly user: UserShape }>> {
    return this.call('GET', `/users/${id}`)
  }

  updateUser(id: string, change: Fields): Promise<Reply<{ readonly user: UserShape }>> {
    return this.call('PATCH', `/users/${id}`, change)
  }

  removeUser(id: string): Promise<Reply<undefined>> {
    return this.call('DELETE', `/users/${id}`)
  }

  logOutUser(id: string): Promise<Reply<{ readonly logged_out: number }>> {
    return this.call('POST', `/users/${id}/logout`)
  }

  logOutRealm(): Promise<Reply<{ readonly logged_out: number }>> {
    return this.call('POST', '/users/logout')
  }

  sendResetMail(id: string): Promise<Reply<Record<string, never>>> {
    return this.call('POST', `/users/${id}/reset-password-email`)
  }

  listEntries(query: Query = ''): Promise<Reply<{ readonly entries: readonly EntryShape[]; readonly total: number }>> {
    return this.call('GET', `/callerIdManager${searchOf(query)}`)
  }

  createEntry(entry: Fields): Promise<Reply<EntryShape>> {
    return this.call('POST', '/callerIdManager', entry)
  }

  readEntry(name: string): Promise<Reply<EntryShape>> {
    return this.call('GET', `/callerIdManager/${encodeURIComponent(name)}`)
  }

  removeEntry(name: string): Promise<Reply<undefined>> {
    return this.call('DELETE', `/callerIdManager/${encodeURIComponent(name)}`)
  }

  reloadEntries(): Promise<Reply<{ readonly reloaded: string }>> {
    return this.call('POST', '/callerIdManager/reload')
  }

  private call<Body>(method: string, path: string, body?: unknown): Promise<Reply<Body>> {
    return this.kitter.call(method, path, { ...this.options, ...(body !== undefined && { body }) })
  }
}

function searchOf(query: Query): string {
  const search = typeof query === 'string' ? query : new URLSearchParams(query).toString()
  return search === '' ? '' : `?${search}`
}
