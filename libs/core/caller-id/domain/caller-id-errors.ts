import { DomainError } from '#kernel'

export function unknownEntry(): DomainError {
  return new DomainError('unknown', 'caller_id.unknown', 'There is no such entry in the caller-ID table.')
}

export function entryNameTaken(name: string): DomainError {
  return new DomainError('conflict', 'caller_id.name_taken', `The caller-ID table has an entry named ${name} already.`)
}

export function callerIdDisabled(): DomainError {
  const sentence = 'The caller-ID table is switched off here. Contact your administrator.'
  return new DomainError('unknown', 'caller_id.disabled', sentence)
}
