import type { AdminSession } from './admin-session.ts'
import type { Changes } from './changes.ts'
import { mendSettings } from './realm-settings.ts'

/** Whether the realm was there before. */
export async function ensureRealm(
  { onServer, inRealm }: AdminSession,
  realm: string,
  changes: Changes,
): Promise<boolean> {
  const current = await onServer.realms.findOne({ realm }, { catchNotFound: true })
  const { differences, change } = mendSettings(current ?? { enabled: true })
  const sentences = differences.map(({ sentence }) => sentence)
  if (!current) {
    await changes.makeAll([`create the realm ${realm}`, ...sentences], () =>
      onServer.realms.create({ ...change, realm, enabled: true }),
    )
    return false
  }
  await changes.makeAll(sentences, () => inRealm.realms.update({ realm }, change))
  return true
}
