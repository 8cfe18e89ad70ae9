/** What Postgres keeps of no text: U+0000, and halves of surrogate pairs. Other systems may have them. */
const unstorable = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g

/** As JSON that Postgres takes. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replace(unstorable, '$1\\ufffd')
}

export function storableText(text: string): string {
  return text.replaceAll('\0', '\ufffd')
}
