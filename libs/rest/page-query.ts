import { type Check, defaultPage, type Page } from '#kernel'
import { Field } from './field.ts'

const most = 1000

function checkWholeNumber(least: number, greatest: number): Check {
  return (value) => {
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    if (number >= least && number <= greatest) return []
    return [{ path: '', problem: `must be a whole number from ${least} to ${greatest}, given once` }]
  }
}

/** `paginate[max]` and `paginate[page]` of a list. */
export class PageQuery {
  @Field({
    check: checkWholeNumber(1, most),
    type: 'integer',
    minimum: 1,
    maximum: most,
    default: defaultPage.max,
    description: 'How many rows a page has.',
    example: 10,
  })
  readonly 'paginate[max]'?: string

  @Field({
    check: checkWholeNumber(0, 1_000_000),
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
