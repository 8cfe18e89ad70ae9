import { z } from 'zod'

/** What wac-core shows, as far as kitter goes by it. Keys that kitter doesn't know stay: a PUT sends them back. */
const wacId = z.string().regex(/^[0-9a-f]{24}$/, 'is no id of 24 hex digits')
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined)
const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? [])
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false)

export const wacDomainDocument = z.looseObject({
  id: wacId,
  parent: z
    .string()
    .nullish()
    .transform((value) => value ?? null),
  domain: z.string(),
  origins: texts,
  enableAnonymous: flag,
  anonymousCapabilities: texts,
  services: z
    .record(z.string(), z.array(z.string()))
    .nullish()
    .transform((value) => value ?? {}),
  remoteSipRegister: flag,
})

export const wacDomainDocuments = z.array(wacDomainDocument)

export const wacUserDocument = z.looseObject({
  id: wacId,
  domain: z.string(),
  username: z.string(),
  displayName: text,
  email: text,
  mobilePhone: texts,
  externalId: text,
})

export const wacUserDocuments = z.array(wacUserDocument)

/** A user in a list of all: one that somebody spoiled must not hide the others, nor be hidden. Only its id has to be one. */
export const wacListedUser = z.object({
  id: wacId,
  domain: z.string().catch(''),
  username: z.string().catch(''),
  displayName: text.catch(undefined),
  email: text.catch(undefined),
  mobilePhone: texts.catch([]),
  externalId: text.catch(undefined),
})

/** Of what was just made, only the id is looked at. */
export const wacCreatedDocument = z.looseObject({ id: wacId })

export const wacCapabilities = z.looseObject({ domain: z.array(z.string()), user: z.array(z.string()) })
