import { defaultPage, type Page } from '#kernel'
import { Field } from './field.ts'
import { checkQueryNumber } from './query-checks.ts'

const most = 1000

/** `paginate[max]` and `paginate[page]` of a list. */
export class PageQuery {
  @Field({
    check: checkQueryNumber(1, most),
    type: 'integer',
    minimum: 1,
    maximum: most,
    default: defaultPage.max,
    description: 'How many rows a page has.',
    example: 10,
  })
  readonly 'paginate[max]'?: string

  @Field({
    check: checkQueryNumber(0, 1_000_000),
    type: 'integer',
    minimum: 0,
    maximum: 1_000_000,
    default: defaultPage.page,
    description: 'Which page, counted from 0.',
    example: 0,
  })
  readonly 'paginate[page]'?: string
}

export function pageOf(query: PageQuery): Page {
  return {
    max: Number(query['paginate[max]'] ?? defaultPage.max),
    page: Number(query['paginate[page]'] ?? defaultPage.page),
  }
}
