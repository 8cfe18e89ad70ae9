/** Which rows of a list: pages count from 0 and hold `max` rows. */
export interface Page {
  readonly max: number
  readonly page: number
}

export const defaultPage: Page = { max: 100, page: 0 }
