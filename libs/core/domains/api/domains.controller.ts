import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common'
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger'
import { type Actor, invalid } from '#kernel'
import { operationInProgress } from '#core/provisioning'
import { Changes, CurrentActor, Documented, Reads } from '#rest'
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
import { exampleDomain } from './domain-documentation.ts'
import {
  CreateDomainBody,
  domainChangeOf,
  domainFilterOf,
  DomainsQuery,
  newDomainOf,
  UpdateDomainBody,
} from './domain-requests.dto.ts'

const byId = { name: 'id', description: "The domain's id: 24 hex digits.", example: exampleDomain.id }

@ApiTags('domains')
@Controller('domains')
export class DomainsController {
  constructor(private readonly domains: DomainsService) {}

  @Get()
  @Reads()
  @Documented({
    summary: 'List domains',
    description: 'The domains in your scope, by name. Without a filter, all of them.',
    success: { status: 200, description: 'The domains.', type: DomainsAnswer, example: { domains: [exampleDomain] } },
    errors: [invalid([{ path: 'name', problem: 'must be given once' }])],
  })
  async list(@CurrentActor() actor: Actor, @Query() query: DomainsQuery): Promise<DomainsAnswer> {
    return { domains: (await this.domains.list(actor, domainFilterOf(query))).map(domainBodyOf) }
  }

  @Post()
  @Changes()
  @ApiBody({
    type: CreateDomainBody,
    examples: { domain: { value: { domain: { domain: 'example.com', origins: ['https://example.com'] } } } },
  })
  @Documented({
    summary: 'Create a domain',
    description: 'Creates a domain at wac-core, below the parent that it names.',
    success: { status: 201, description: 'The new domain.', type: DomainAnswer, example: { domain: exampleDomain } },
    errors: [unknownDomainIn('domain.parent'), domainNameTaken('example.com'), operationInProgress()],
  })
  async create(@CurrentActor() actor: Actor, @Body() body: CreateDomainBody): Promise<DomainAnswer> {
    return { domain: domainBodyOf(await this.domains.create(actor, newDomainOf(body))) }
  }

  @Get(':id')
  @Reads()
  @ApiParam(byId)
  @Documented({
    summary: 'Read a domain',
    description: 'One domain, by its id.',
    success: { status: 200, description: 'The domain.', type: DomainAnswer, example: { domain: exampleDomain } },
    errors: [unknownDomain()],
  })
  async read(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<DomainAnswer> {
    return { domain: domainBodyOf(await this.domains.read(actor, id)) }
  }

  @Patch(':id')
  @Changes()
  @ApiParam(byId)
  @ApiBody({
    type: UpdateDomainBody,
    examples: { origins: { value: { origins: ['https://example.com', '/.*\\.example\\.com/'] } } },
  })
  @Documented({
    summary: 'Update a domain',
    description:
      'Changes the fields that are given: services key by key (`null` removes one), lists as a whole, `parent` moves the ' +
      'domain (`null`: below the root). A domain with users keeps its name, which is part of every login.',
    success: {
      status: 200,
      description: 'The domain as it is now.',
      type: DomainAnswer,
      example: { domain: exampleDomain },
    },
    errors: [
      unknownDomainIn('parent'),
      unknownDomain(),
      domainNameTaken('example.com'),
      domainHasUsers('example.com', 12),
      domainLoop('example.com', 'sub.example.com'),
      domainProtected('anonymous'),
      operationInProgress(),
    ],
  })
  async update(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: UpdateDomainBody,
  ): Promise<DomainAnswer> {
    return { domain: domainBodyOf(await this.domains.update(actor, id, domainChangeOf(body))) }
  }

  @Delete(':id')
  @Changes()
  @ApiParam(byId)
  @Documented({
    summary: 'Delete a domain',
    description: 'Deletes a domain that has neither users nor subdomains.',
    success: { status: 204, description: 'It is gone.' },
    errors: [unknownDomain(), domainNotEmpty('example.com', 12, 1), domainProtected('quobis'), operationInProgress()],
  })
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.domains.remove(actor, id)
  }
}
