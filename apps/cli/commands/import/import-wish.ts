export const existingPolicies = ['skip', 'update', 'fail'] as const

/** Another platform's users, and where they go. */
export interface ForeignDocuments {
  readonly dialect: string
  readonly domain: string
}

/** What is to become of the rows of a file. */
export interface ImportWish {
  readonly dryRun: boolean
  /** What becomes of users that are there already. */
  readonly onExisting: (typeof existingPolicies)[number]
  readonly createDomains: boolean
  /** What the file calls a column of kitter's. */
  readonly columnNames: ReadonlyMap<string, string>
  /** Otherwise they are kitter's own. */
  readonly from: ForeignDocuments | undefined
}

/** As the query of the request that starts it. */
export function queryOf({ dryRun, onExisting, createDomains, columnNames, from }: ImportWish): string {
  const query = new URLSearchParams({ on_existing: onExisting })
  if (dryRun) query.set('dry_run', 'true')
  if (from !== undefined) {
    query.set('dialect', from.dialect)
    query.set('domain', from.domain)
  }
  if (createDomains) query.set('create_domains', 'true')
  for (const [column, name] of columnNames) query.set(`columns[${column}]`, name)
  return query.toString()
}
