import { Controller, Get, Query } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { exampleUser } from '#core/users'
import { CurrentActor, Documented, Reads } from '#rest'
import { SearchService } from '../application/search.service.ts'
import { foreignMark, searchCrowded, searchTooSlow } from '../domain/search-errors.ts'
import { SearchAnswer, searchAnswerOf } from './search-answers.dto.ts'
import { exampleMark } from './search-documentation.ts'
import { criteriaOf, searchPageOf, SearchQuery } from './search-requests.dto.ts'

@ApiTags('users')
@Controller('users/search')
export class SearchController {
  constructor(private readonly users: SearchService) {}

  @Get()
  @Documented({
    id: 'searchUsers',
    summary: 'Search users',
    description:
      'One page of the users in your scope that have all that is asked for. Fields are `username`, `email`, `first_name`, `last_name`, ' +
      '`phone_number`, and `attributes.` with the name of an attribute. Wildcards are literal.',
    success: {
      status: 200,
      description: 'One page, how many there are, and how to get the next page.',
      type: SearchAnswer,
      example: { users: [exampleUser], total: 12, total_is_estimate: false, next: exampleMark },
    },
    errors: [foreignMark(), searchTooSlow(), searchCrowded()],
  })
  @Reads()
  async search(@CurrentActor() actor: Actor, @Query() query: SearchQuery): Promise<SearchAnswer> {
    return searchAnswerOf(await this.users.search(actor, criteriaOf(query), searchPageOf(query)))
  }
}
