import { isPlainObject, jsonIn } from '#kernel'
import type { Finding } from '#core/health'
import { silenceOf } from '../bootstrap/keycloak-failure.ts'
import type { ExaminedRealm } from './examined-realm.ts'

const timeout = 10_000

/** Whether the realm is there, and there is a point in looking at it more closely. */
export async function* examineReach(examined: ExaminedRealm): AsyncGenerator<Finding, boolean> {
  const { url, realm, bootstrap } = examined
  const answer = await ask(examined)
  if ('silence' in answer) {
    yield {
      state: 'wrong',
      sentence: `Keycloak at ${url} ${answer.silence}`,
      mend: 'start it, or set KEYCLOAK_URL to where it is',
    }
    return false
  }
  const { status, body } = answer
  if (status === 404 && body?.['error'] === 'Realm does not exist') {
    yield {
      state: 'wrong',
      sentence: `Keycloak at ${url} has no realm ${realm}`,
      mend: `set KEYCLOAK_REALM, or make it: ${bootstrap}`,
    }
    return false
  }
  if (status !== 200 || typeof body?.['issuer'] !== 'string') {
    const mend = 'set KEYCLOAK_URL to where Keycloak is, with its path if it has one, such as /auth'
    yield {
      state: 'wrong',
      sentence: `What is at ${url} does not answer as a Keycloak with a realm ${realm} does`,
      mend,
    }
    return false
  }
  yield { state: 'right', sentence: `Keycloak at ${url} answers, and has the realm ${realm}` }
  yield* encryption(url)
  yield* issuer(body['issuer'], examined.issuer)
  return true
}

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> | undefined
}

async function ask({ url, realm }: ExaminedRealm): Promise<Answer | { readonly silence: string }> {
  const path = `${url.replace(/\/+$/, '')}/realms/${encodeURIComponent(realm)}/.well-known/openid-configuration`
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(timeout) })
    const body = jsonIn(await response.text())
    return { status: response.status, body: isPlainObject(body) ? body : undefined }
  } catch (error) {
    return { silence: silenceOf(error) }
  }
}

function* encryption(url: string): Generator<Finding> {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:') yield { state: 'right', sentence: 'The connection to Keycloak is encrypted' }
  else if (!/^(localhost|127\.|\[::1\])/.test(hostname)) {
    const mend = 'use https unless the network between them is trusted'
    yield { state: 'doubtful', sentence: 'The connection to Keycloak is not encrypted, and passwords go over it', mend }
  }
}

function* issuer(actual: string, expected: string): Generator<Finding> {
  if (actual === expected) yield { state: 'right', sentence: `Tokens come from ${expected}, as kitter expects` }
  else {
    const sentence = `Tokens come from ${actual}, and kitter expects ${expected}: it will refuse them`
    yield { state: 'wrong', sentence, mend: `set TOKEN_ISSUER=${actual}, if that is what callers see of Keycloak` }
  }
}
