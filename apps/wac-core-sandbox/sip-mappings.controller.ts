import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common'
import { WacSipMappingsStore } from '#infrastructure/sandbox'
import type { WacSipMapping } from '#infrastructure/wac-core'
import { type SipMappingBody, sipMappingBody, type SipMappingQuery, sipMappingQuery } from './bodies.ts'
import { found, unknownMapping } from './found.ts'
import { ParsedPipe } from './parsed.pipe.ts'

@Controller('sapi/sipMappings')
export class SipMappingsController {
  constructor(private readonly mappings: WacSipMappingsStore) {}

  @Get()
  list(@Query(new ParsedPipe(sipMappingQuery)) { ownerUri }: SipMappingQuery): Promise<readonly WacSipMapping[]> {
    return this.mappings.list(ownerUri)
  }

  @Post()
  create(@Body(new ParsedPipe(sipMappingBody)) body: SipMappingBody): Promise<WacSipMapping> {
    return this.mappings.add(body.ownerUri, body.credential.username)
  }

  @Put(':id')
  async replace(
    @Param('id') id: string,
    @Body(new ParsedPipe(sipMappingBody)) body: SipMappingBody,
  ): Promise<WacSipMapping> {
    return found(await this.mappings.change(id, body.ownerUri, body.credential.username), unknownMapping)
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id') id: string): Promise<void> {
    found((await this.mappings.remove(id)) || undefined, unknownMapping)
  }
}
