import type { Told } from '#core/audit'
import type { DomainSettings } from '../domain/domain.ts'

/** A domain as the audit trail tells of it, in the API's words. */
export function toldOf(settings: DomainSettings): Told {
  return {
    domain: settings.name,
    parent: settings.parent ?? null,
    enable_anonymous: settings.enableAnonymous,
    anonymous_capabilities: settings.anonymousCapabilities,
    origins: settings.origins,
    remote_sip_register: settings.remoteSipRegister,
    services: settings.services,
  }
}
