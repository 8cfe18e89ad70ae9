import { z } from 'zod'
import { systemRefused } from '#kernel'

/** What kitter reads of a user in Keycloak; the rest of it stays as it is. */
const userShape = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string().optional(),
  emailVerified: z.boolean().default(false),
  enabled: z.boolean().default(false),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  attributes: z.record(z.string(), z.array(z.string())).default({}),
  requiredActions: z.array(z.string()).default([]),
})

const sessionShape = z.object({ id: z.string(), userId: z.string() })
const statShape = z.object({ id: z.string(), active: z.coerce.number(), offline: z.coerce.number() })

export type UserShape = z.output<typeof userShape>
export type ClientStat = z.output<typeof statShape>

const realmShape = z.object({
  realm: z.string(),
  // a client without the right `view-realm` sees a stub without an id, and no policy in it
  id: z.string(),
  passwordPolicy: z.string().default(''),
  defaultRole: z.object({ name: z.string() }),
  defaultGroups: z.array(z.string()).default([]),
})

const shapes = {
  user: userShape,
  users: z.array(userShape),
  sessions: z.array(sessionShape),
  stats: z.array(statShape),
  realm: realmShape,
  imported: z.object({ results: z.array(z.object({ action: z.string(), id: z.string() })) }),
  profile: z.object({ unmanagedAttributePolicy: z.string().default('DISABLED') }),
  requiredActions: z.array(z.object({ alias: z.string(), enabled: z.boolean(), defaultAction: z.boolean() })),
  credentials: z.array(z.object({ id: z.string(), type: z.string(), createdDate: z.number().default(0) })),
  roles: z.array(z.object({ name: z.string() })),
  adminEvents: z.array(
    z.object({
      id: z.string(),
      time: z.number(),
      resourcePath: z.string().default(''),
      authDetails: z.object({ clientId: z.string().optional() }).default({}),
    }),
  ),
  userEvents: z.array(z.object({ id: z.string(), time: z.number(), userId: z.string().optional() })),
  eventsConfig: z.object({ eventsEnabled: z.boolean(), adminEventsEnabled: z.boolean() }),
  clients: z.array(z.object({ id: z.string(), clientId: z.string() })),
  serverInfo: z.object({
    providers: z.object({ 'password-hashing': z.object({ providers: z.record(z.string(), z.unknown()) }) }),
  }),
}

/** Reads what Keycloak answered. What isn't what it should be was answered by somebody else, such as a proxy's page. */
export function read<Name extends keyof typeof shapes>(name: Name, answer: unknown): z.output<(typeof shapes)[Name]> {
  const { data, error } = shapes[name].safeParse(answer)
  if (error !== undefined) throw systemRefused('Keycloak', error)
  // eslint-disable-next-line no-restricted-syntax -- TypeScript loses which of the shapes it is
  return data as z.output<(typeof shapes)[Name]>
}
