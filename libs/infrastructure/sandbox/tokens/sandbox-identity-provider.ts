import type { IncomingMessage, ServerResponse } from 'node:http'
import { Injectable } from '@nestjs/common'
import type { JSONWebKeySet } from 'jose'
import Provider from 'oidc-provider'
import { bearerOf } from './principal.ts'
import { sandboxRealm } from './sandbox-realm.ts'
import { SandboxTokens } from './sandbox-tokens.ts'
import { SigningKeys } from './signing-keys.ts'
import { longestLifetimeSeconds } from './token-exchange-grant.ts'

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void

const { tokenPath, keysPath, discoveryPath } = sandboxRealm
const served = new Set([
  `POST ${tokenPath}`,
  ...[tokenPath, keysPath, discoveryPath].map((path) => `OPTIONS ${path}`),
  ...[keysPath, discoveryPath].flatMap((path) => [`GET ${path}`, `HEAD ${path}`]),
])

/** Stands in for the realm's token endpoint, keys and discovery. */
@Injectable()
export class SandboxIdentityProvider {
  constructor(
    private readonly provider: Provider,
    private readonly signingKeys: SigningKeys,
    private readonly tokens: SandboxTokens,
  ) {}

  get issuer(): string {
    return this.provider.issuer
  }

  /** To check kitter's tokens with, without asking the service itself. */
  keys(): Promise<JSONWebKeySet> {
    return Promise.resolve(this.signingKeys.public)
  }

  /** A kitter-admin's token, good for a year. */
  adminToken(): Promise<string> {
    return this.tokens.sign(bearerOf('kitter-admin'), longestLifetimeSeconds)
  }

  /** Answers what the realm serves, below the realm's path, and leaves everything else to the service's own 404. */
  middleware(): Middleware {
    const answer = this.provider.callback()
    return (request, response, next) => {
      const path = request.url?.split('?', 1)[0] ?? ''
      if (served.has(`${request.method ?? ''} ${path}`)) {
        tellRequestId(request, response)
        void answer(request, response)
      } else next()
    }
  }
}

/** Fastify's id of the request, which its own replies carry. */
function tellRequestId(request: IncomingMessage, response: ServerResponse): void {
  if ('id' in request && typeof request.id === 'string') response.setHeader('x-request-id', request.id)
}
