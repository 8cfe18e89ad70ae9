import type { AuditedChange } from '#rest'

const changes = new WeakMap<object, AuditedChange>()

/** Leaves what a request is to change where the audit trail's recorder finds it. */
export function noteChange(request: object, change: AuditedChange): void {
  changes.set(request, change)
}

export function changeOf(request: object): AuditedChange | undefined {
  return changes.get(request)
}
