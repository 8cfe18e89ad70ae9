import type { RealmWork } from './realm-work.ts'

const alias = 'UPDATE_PASSWORD'

/** Temporary passwords and reset mails lead to it. It's there in a new realm. */
export async function ensureRequiredAction({ keycloak, changes, exists }: RealmWork): Promise<void> {
  if (!exists) return
  const actions = await keycloak.authenticationManagement.getRequiredActions()
  const action = actions.find((candidate) => candidate.alias === alias)
  if (action === undefined || action.enabled === true) return
  await changes.make(`enable the required action ${alias}`, () =>
    keycloak.authenticationManagement.updateRequiredAction({ alias }, { ...action, enabled: true }),
  )
}
