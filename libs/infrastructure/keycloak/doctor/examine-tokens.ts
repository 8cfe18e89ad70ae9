import type { Finding } from '#core/health'
import { assignmentOf, scopeName } from '../bootstrap/client-scope.ts'
import { isAsWanted, tokenMappers } from '../bootstrap/token-mappers.ts'
import type { ExaminedRealm } from './examined-realm.ts'

/** Whether users get tokens that kitter accepts, by what is set; each client may still differ. */
export async function* examineTokens({ keycloak, audience, bootstrap }: ExaminedRealm): AsyncGenerator<Finding> {
  const scope = (await keycloak.clientScopes.find()).find(({ name }) => name === scopeName)
  if (scope === undefined) {
    const sentence = `There is no client scope ${scopeName}, so tokens have neither the audience ${audience} nor the claim "domain"`
    yield { state: 'wrong', sentence, mend: bootstrap }
    return
  }
  const missing = tokenMappers(audience).filter(
    (wanted) =>
      !(scope.protocolMappers ?? []).some((mapper) => mapper.name === wanted.name && isAsWanted(mapper, wanted)),
  )
  for (const { name } of missing) {
    yield {
      state: 'wrong',
      sentence: `The mapper "${name}" of the client scope ${scopeName} is missing, or different`,
      mend: bootstrap,
    }
  }
  if (missing.length === 0) {
    yield {
      state: 'right',
      sentence: `The client scope ${scopeName} gives tokens the audience ${audience} and the claim "domain"`,
    }
  }
  const assignment = await assignmentOf(keycloak)
  if (assignment === 'none') {
    const sentence = `New clients don't get the client scope ${scopeName}, so kitter will refuse their tokens`
    yield { state: 'doubtful', sentence, mend: bootstrap }
  }
  if (assignment === 'optional') {
    yield {
      state: 'right',
      sentence: `New clients get tokens for kitter only when they ask for the scope ${scopeName}`,
    }
  }
}
