import { ApiProperty } from '@nestjs/swagger'

/** What the answer of a list says besides one page of it. */
export abstract class PageAnswer {
  @ApiProperty({ type: 'integer', description: 'How many there are on all pages.', example: 1 })
  readonly total!: number
}
