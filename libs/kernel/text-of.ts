/** Nothing instead of an empty text. */
export function textOf(text: string | null | undefined): string | undefined {
  return text === null || text === '' ? undefined : text
}
