import type { Lab } from './lab.fixture.ts'

type Fields = Readonly<Record<string, unknown>>

/** Users as each of the three has them, by kitter's id. */
const users = `
  WITH kitter AS (
    SELECT id::text AS id, communications_id, jsonb_build_object('login', login_name, 'username', username, 'domain', domain,
      'email', email, 'verified', email_verified, 'enabled', enabled, 'first', first_name, 'last', last_name,
      'phone', phone_number, 'attributes', attributes) AS fields
    FROM kitter.users),
  keycloak AS (
    SELECT id, jsonb_build_object('login', login_name, 'domain', attributes #>> '{domain,0}', 'email', email,
      'verified', email_verified, 'enabled', enabled, 'first', first_name, 'last', last_name,
      'phone', attributes #>> '{phone_number,0}', 'attributes', attributes - 'domain' - 'phone_number') AS fields
    FROM sandbox.accounts),
  wac AS (
    SELECT document ->> 'externalId' AS id, id AS communications_id, jsonb_build_object('username', document -> 'username',
      'domain', document -> 'domain', 'email', document -> 'email', 'first', document -> 'displayName',
      'phone', nullif(document #>> '{mobilePhone,0}', '')) AS fields
    FROM sandbox.wac_users)
  SELECT coalesce(kitter.id, keycloak.id, wac.id) AS id, kitter.fields AS kitter, keycloak.fields AS keycloak,
    wac.fields AS wac, kitter.communications_id IS NOT DISTINCT FROM wac.communications_id AS linked
  FROM kitter FULL JOIN keycloak ON keycloak.id = kitter.id FULL JOIN wac ON wac.id = coalesce(kitter.id, keycloak.id)`

const domains = `
  SELECT coalesce(kitter.id, wac.id) AS id,
    CASE WHEN kitter.id IS NOT NULL THEN jsonb_build_object('name', kitter.name, 'parent', kitter.parent,
      'origins', kitter.origins, 'anonymous', kitter.enable_anonymous) END AS kitter,
    CASE WHEN wac.id IS NOT NULL THEN jsonb_build_object('name', wac.domain, 'parent', wac.document -> 'parent',
      'origins', wac.document -> 'origins', 'anonymous', wac.document -> 'enableAnonymous') END AS wac
  FROM kitter.domains kitter FULL JOIN sandbox.wac_domains wac ON wac.id = kitter.id`

/** Whatever one system has and another hasn't, or has otherwise, in words; nothing of it may be left. */
export async function disagreements(lab: Pick<Lab, 'rows' | 'mirror'>): Promise<readonly string[]> {
  await lab.mirror()
  const [userRows, domainRows, claims] = await Promise.all([
    lab.rows<{ id: string; kitter: Fields | null; keycloak: Fields | null; wac: Fields | null; linked: boolean }>(
      users,
    ),
    lab.rows<{ id: string; kitter: Fields | null; wac: Fields | null }>(domains),
    lab.rows<{ key: string }>(`SELECT key FROM kitter.operation_claims`),
  ])
  return [
    ...userRows.flatMap(({ id, kitter, keycloak, wac, linked }) => [
      ...(linked ? [] : [`user ${id}: kitter knows it as another user of wac-core: ${JSON.stringify(kitter ?? wac)}`]),
      ...between(`user ${id}`, { kitter, keycloak, wac }),
    ]),
    ...domainRows.flatMap(({ id, kitter, wac }) => between(`domain ${id}`, { kitter, wac })),
    ...claims.map(({ key }) => `${key} is still claimed`),
  ]
}

function between(what: string, sides: Readonly<Record<string, Fields | null>>): readonly string[] {
  const missing = Object.keys(sides).filter((side) => sides[side] === null)
  if (missing.length > 0) return [`${what} is missing in ${missing.join(', ')}: ${JSON.stringify(sides)}`]
  const names = new Set(Object.values(sides).flatMap((side) => Object.keys(side ?? {})))
  return [...names].flatMap((name) => {
    const values = Object.entries(sides).flatMap(([side, fields]) =>
      fields !== null && name in fields ? [[side, JSON.stringify(fields[name])] as const] : [],
    )
    return new Set(values.map(([, value]) => value)).size === 1
      ? []
      : [`${what} has another ${name} in ${values.map((value) => value.join(' ')).join(', ')}`]
  })
}
