const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whether the text is a UUID as kitter writes them: in lower case. */
export function isUuid(text: string): boolean {
  return uuid.test(text)
}
