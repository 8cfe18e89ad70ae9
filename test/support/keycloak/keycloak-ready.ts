import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { inject } from 'vitest'
import type { KeycloakAccess } from './keycloak-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The file that tells where this run's Keycloak is, once it has started. */
    keycloakNews: string
  }
}

export type KeycloakNews = KeycloakAccess | { readonly problem: string }

const betweenLooksMs = 50
// the first time, Maven fetches it and it is built
const longestStartMs = 300_000

/** The Keycloak of this test run; waits until it has started. For `beforeAll`, which in `*.real.spec.ts` has the time. */
export async function keycloakReady(): Promise<KeycloakAccess> {
  const deadline = performance.now() + longestStartMs
  for (;;) {
    const text = await readFile(inject('keycloakNews'), 'utf8').catch(() => undefined)
    if (text !== undefined) return accessOf(JSON.parse(text) as KeycloakNews)
    if (performance.now() > deadline) throw new Error(`Keycloak hasn't started within ${longestStartMs} ms.`)
    await pause(betweenLooksMs)
  }
}

function accessOf(news: KeycloakNews): KeycloakAccess {
  if ('problem' in news) throw new Error(`There is no Keycloak: ${news.problem}`)
  return news
}
