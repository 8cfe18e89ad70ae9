import { ApiProperty } from '@nestjs/swagger'
import { UserBody, userBodyOf } from '#core/users'
import type { SearchResult } from '../application/search.service.ts'
import { exampleMark } from './search-documentation.ts'

export class SearchAnswer {
  @ApiProperty({ type: [UserBody], description: 'One page of users.' })
  readonly users!: readonly UserBody[]

  @ApiProperty({ type: 'integer', description: 'How many users there are on all pages.', example: 1 })
  readonly total!: number

  @ApiProperty({
    type: Boolean,
    description: 'Whether the total is an estimate, which it is where there are 10,000 or more.',
    example: false,
  })
  readonly total_is_estimate!: boolean

  @ApiProperty({
    type: String,
    required: false,
    description: 'What to give as `after` for the next page, if there is one.',
    example: exampleMark,
  })
  readonly next?: string
}

export function searchAnswerOf({ users, total, isEstimate, next }: SearchResult): SearchAnswer {
  return { users: users.map(userBodyOf), total, total_is_estimate: isEstimate, ...(next !== undefined && { next }) }
}
