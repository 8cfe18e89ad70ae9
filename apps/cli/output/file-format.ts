export const fileFormats = ['csv', 'ndjson'] as const
export type FileFormat = (typeof fileFormats)[number]

/** What a file of this name is, packed or not. */
export function formatOf(name: string): FileFormat {
  return /\.(ndjson|jsonl)(\.gz)?$/i.test(name) ? 'ndjson' : 'csv'
}

export function isNamedAsPacked(name: string): boolean {
  return /\.gz$/i.test(name)
}
