import { z } from 'zod'
import { printable } from '../../output/printable.ts'

/** As the service tells of it; what its words are is the service's matter. */
export const differenceShape = z.object({
  about: z.string(),
  id: z.string(),
  name: z.string(),
  domain: z.string().optional(),
  missing_in: z.array(z.string()),
  fields: z.array(z.object({ field: z.string(), values: z.record(z.string(), z.unknown()) })),
  remedy: z.string(),
  outcome: z.string(),
  reason: z.string().optional(),
})
export type Difference = z.output<typeof differenceShape>

const systemNames: ReadonlyMap<string, string> = new Map([['keycloak', 'Keycloak']])

/** "user alice (example.com)", "domain example.com"; by the id where nobody knows a name. */
export function subjectOf({ about, name, id, domain }: Difference): string {
  const subject = printable(`${about} ${name === '' ? id : name}`)
  return domain === undefined ? subject : `${subject} (${printable(domain)})`
}

/** In a line each: where it is missing, what has other values, and why it is as it is. */
export function whatDiffers({ missing_in: missing, fields, reason }: Difference): readonly string[] {
  return [
    ...(missing.length === 0 ? [] : [`missing in ${missing.map(systemName).join(' and ')}`]),
    ...fields.map(({ field, values }) => `${printable(field)}: ${valuesText(values)}`),
    ...(reason === undefined ? [] : [`because: ${printable(reason)}`]),
  ]
}

function valuesText(values: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(values).map(([system, value]) => `${systemName(system)} ${valueText(value)}`)
  return texts.join(' · ')
}

/** A text as it is where that is one word: nobody writes another system's value into it. */
function valueText(value: unknown): string {
  if (value === null || value === undefined) return '(none)'
  if (typeof value === 'string' && /^[^\s"()·]+$/.test(value)) return printable(value)
  return printable(JSON.stringify(value))
}

function systemName(system: string): string {
  return systemNames.get(system) ?? printable(system)
}
