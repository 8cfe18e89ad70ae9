import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common'
import { unknownDomain } from '#core/domains'
import { WacDomainsStore } from '#infrastructure/sandbox'
import type { WacDomain } from '#infrastructure/wac-core'
import { type DomainBody, domainBody } from './bodies.ts'
import { found } from './found.ts'
import { ParsedPipe } from './parsed.pipe.ts'

@Controller('sapi/domains')
export class DomainsController {
  constructor(private readonly domains: WacDomainsStore) {}

  @Get()
  list(): Promise<readonly WacDomain[]> {
    return this.domains.list()
  }

  @Post()
  create(@Body(new ParsedPipe(domainBody)) body: DomainBody): Promise<WacDomain> {
    return this.domains.add(body)
  }

  @Get(':id')
  async read(@Param('id') id: string): Promise<WacDomain> {
    return found(await this.domains.find(id), unknownDomain)
  }

  @Put(':id')
  async replace(@Param('id') id: string, @Body(new ParsedPipe(domainBody)) body: DomainBody): Promise<WacDomain> {
    await this.domains.change(id, () => body)
    return { ...body, id }
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id') id: string): Promise<void> {
    return this.domains.remove(id)
  }
}
