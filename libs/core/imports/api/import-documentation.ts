export const exampleImport = {
  id: '7b1f3f0e-2a43-4d2c-9a55-6d3c1e8f9b42',
  state: 'running' as const,
  format: 'csv' as const,
  dry_run: false,
  on_existing: 'skip' as const,
  create_domains: true,
  rows: { read: 4200, created: 4100, updated: 0, skipped: 60, refused: 40, unsettled: 0 },
  domains_created: 3,
  bytes: { read: 420_000, total: 1_000_000 },
  rows_per_second: 700,
  seconds_left: 8,
  started_by: { id: 'c2a9c0d4-6e0f-4d57-9f6b-0f6a2b7c1d11', name: 'jane' },
  started_at: '2026-10-12T10:00:00.000Z',
}

export const exampleCancelled = {
  ...exampleImport,
  state: 'cancelled' as const,
  seconds_left: 0,
  ended_at: '2026-10-12T10:00:06.000Z',
}

export const exampleRow = {
  row: 17,
  line: 18,
  outcome: 'refused' as const,
  code: 'user.email_taken',
  sentence: 'There is a user with this email address already.',
  username: 'alice',
}

export const exampleCsv = `username,domain,email,first_name,phone_number,attributes.team
alice,example.com,alice@example.com,Alice,+34 612 345 678,Support
bob,example.com,bob@example.com,Bob,,
`

export const exampleNdjson = `{"username":"alice","email":"alice@example.com","attributes":{"domain":"example.com","team":"Support"}}
{"username":"bob","attributes":{"domain":"example.com"},"credentials":{"password":"correct horse","temporary":true}}
`
