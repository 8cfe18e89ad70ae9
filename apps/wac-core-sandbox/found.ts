import { DomainError } from '#kernel'

export function found<Thing>(thing: Thing | undefined, missing: () => DomainError): Thing {
  if (thing === undefined) throw missing()
  return thing
}

export function unknownMapping(): DomainError {
  return new DomainError('unknown', 'sip_mapping.unknown', 'There is no such SIP mapping.')
}
