import { z } from 'zod'

/** A user as the service tells of one, as far as an import takes it back. */
export const exportedUserShape = z.object({
  username: z.string(),
  email: z.string().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  enabled: z.boolean(),
  email_verified: z.boolean(),
  attributes: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
})
export type ExportedUser = z.output<typeof exportedUserShape>
