import { ApiProperty } from '@nestjs/swagger'
import type { Domain } from '../domain/domain.ts'
import type { DomainServices } from '../domain/domain-services.ts'
import { domainTexts, exampleDomain, servicesSchema, stringList } from './domain-documentation.ts'

export class DomainBody {
  @ApiProperty({ type: String, description: 'The id that wac-core gave it: 24 hex digits.', example: exampleDomain.id })
  readonly id!: string

  @ApiProperty({ type: String, description: 'Its name.', example: exampleDomain.domain })
  readonly domain!: string

  @ApiProperty({ type: Boolean, description: domainTexts.enableAnonymous, example: false })
  readonly enable_anonymous!: boolean

  @ApiProperty({ ...stringList, description: domainTexts.anonymousCapabilities, example: [] })
  readonly anonymous_capabilities!: readonly string[]

  @ApiProperty({ ...stringList, description: domainTexts.origins, example: exampleDomain.origins })
  readonly origins!: readonly string[]

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The name of the domain above it; the root has none.',
    example: 'quobis',
  })
  readonly parent!: string | null

  @ApiProperty({ type: Boolean, description: domainTexts.remoteSipRegister, example: false })
  readonly remote_sip_register!: boolean

  @ApiProperty({ ...servicesSchema, description: domainTexts.services, example: exampleDomain.services })
  readonly services!: DomainServices
}

export class DomainAnswer {
  @ApiProperty({ type: DomainBody, description: 'The domain.' })
  readonly domain!: DomainBody
}

export class DomainsAnswer {
  @ApiProperty({ type: [DomainBody], description: 'The domains, by name.' })
  readonly domains!: readonly DomainBody[]
}

export function domainBodyOf(domain: Domain): DomainBody {
  return {
    id: domain.id,
    domain: domain.name,
    enable_anonymous: domain.enableAnonymous,
    anonymous_capabilities: domain.anonymousCapabilities,
    origins: domain.origins,
    parent: domain.parent ?? null,
    remote_sip_register: domain.remoteSipRegister,
    services: domain.services,
  }
}
