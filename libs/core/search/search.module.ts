import { Module } from '@nestjs/common'
import { SearchController } from './api/search.controller.ts'
import { SearchService } from './application/search.service.ts'

@Module({ controllers: [SearchController], providers: [SearchService] })
export class SearchModule {}
