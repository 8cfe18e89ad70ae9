/** What a part of the stack adds to the environment of `npm start`, and what a developer should know about it. */
export interface Contribution {
  readonly settings: Readonly<Record<string, string>>
  readonly remarks: readonly string[]
}

export const nothing: Contribution = { settings: {}, remarks: [] }
