import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { type Actor, invalid } from '#kernel'
import { operationInProgress } from '#core/provisioning'
import { byOperation, Changes, CurrentActor, Documented, Reads } from '#rest'
import { DomainsService } from '../application/domains.service.ts'
import {
  domainHasUsers,
  domainLoop,
  domainNameTaken,
  domainNotEmpty,
  domainProtected,
  unknownDomain,
  unknownDomainIn,
} from '../domain/domain-errors.ts'
import { DomainAnswer, domainBodyOf, DomainsAnswer } from './domain-answers.dto.ts'
import { exampleDomain, newDomainExamples, updateDomainExamples } from './domain-documentation.ts'
import {
  CreateDomainBody,
  domainChangeOf,
  domainFilterOf,
  DomainsQuery,
  newDomainOf,
  UpdateDomainBody,
} from './domain-requests.dto.ts'

const path = [{ name: 'id', description: "The domain's id: 24 hex digits.", example: exampleDomain.id }]
const switchedOff = 'is switched off here; contact your administrator'

@ApiTags('domains')
@Controller('domains')
export class DomainsController {
  constructor(private readonly domains: DomainsService) {}

  @Get()
  @Documented({
    id: 'listDomains',
    summary: 'List domains',
    description: 'The domains in your scope, by name. Without a filter, all of them.',
    success: { status: 200, description: 'The domains.', type: DomainsAnswer, example: { domains: [exampleDomain] } },
    errors: [invalid([{ path: 'name', problem: 'must be given once' }])],
  })
  @Reads()
  async list(@CurrentActor() actor: Actor, @Query() query: DomainsQuery): Promise<DomainsAnswer> {
    return { domains: (await this.domains.list(actor, domainFilterOf(query))).map(domainBodyOf) }
  }

  @Post()
  @Documented({
    id: 'createDomain',
    summary: 'Create a domain',
    description: 'Creates a domain at wac-core, below the parent that it names.',
    body: { type: CreateDomainBody, examples: newDomainExamples },
    success: { status: 201, description: 'The new domain.', type: DomainAnswer, example: { domain: exampleDomain } },
    errors: [
      unknownDomainIn('domain.parent'),
      invalid([{ path: 'domain.remote_sip_register', problem: switchedOff }]),
      domainNameTaken('example.com'),
      operationInProgress(),
    ],
    systems: 'several',
    repeatable: true,
  })
  @Changes(byOperation('domain.create'))
  async create(@CurrentActor() actor: Actor, @Body() body: CreateDomainBody): Promise<DomainAnswer> {
    return { domain: domainBodyOf(await this.domains.create(actor, newDomainOf(body))) }
  }

  @Get(':id')
  @Documented({
    id: 'readDomain',
    summary: 'Read a domain',
    description: 'One domain, by its id.',
    path,
    success: { status: 200, description: 'The domain.', type: DomainAnswer, example: { domain: exampleDomain } },
    errors: [unknownDomain()],
  })
  @Reads()
  async read(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<DomainAnswer> {
    return { domain: domainBodyOf(await this.domains.read(actor, id)) }
  }

  @Patch(':id')
  @Documented({
    id: 'updateDomain',
    summary: 'Update a domain',
    description:
      'Changes the fields that are given: services key by key (`null` removes one), lists as a whole, `parent` moves the ' +
      'domain (`null`: below the root). A domain with users keeps its name, which is part of every login.',
    path,
    body: { type: UpdateDomainBody, examples: updateDomainExamples },
    success: {
      status: 200,
      description: 'The domain as it is now.',
      type: DomainAnswer,
      example: { domain: exampleDomain },
    },
    errors: [
      unknownDomainIn('parent'),
      invalid([{ path: 'remote_sip_register', problem: switchedOff }]),
      unknownDomain(),
      domainNameTaken('example.com'),
      domainHasUsers('example.com', 12),
      domainLoop('example.com', 'sub.example.com'),
      domainProtected('anonymous'),
      operationInProgress(),
    ],
    systems: 'several',
  })
  @Changes(byOperation('domain.update'))
  async update(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: UpdateDomainBody,
  ): Promise<DomainAnswer> {
    return { domain: domainBodyOf(await this.domains.update(actor, id, domainChangeOf(body))) }
  }

  @Delete(':id')
  @Documented({
    id: 'deleteDomain',
    summary: 'Delete a domain',
    description: 'Deletes a domain that has neither users nor subdomains.',
    path,
    success: { status: 204, description: 'It is gone.' },
    errors: [unknownDomain(), domainNotEmpty('example.com', 12, 1), domainProtected('quobis'), operationInProgress()],
    systems: 'several',
  })
  @Changes(byOperation('domain.delete'))
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.domains.remove(actor, id)
  }
}
