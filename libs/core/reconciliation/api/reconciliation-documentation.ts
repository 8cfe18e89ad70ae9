export const exampleReconciliation = {
  id: '3f0c1a52-7a0e-4f3e-9a55-2d3c1e8f9b10',
  scope: 'all',
  apply: true,
  adopt: false,
  delete: false,
  force: false,
  state: 'running' as const,
  phase: 'users' as const,
  counts: { accounts: 1200, communications_users: 1198, suspects: 5, checked: 3, busy: 0 },
  differences: { found: 0, mended: 2, left: 1, refused: 0, unsettled: 0 },
  started_by: { id: 'c2a9c0d4-6e0f-4d57-9f6b-0f6a2b7c1d11', name: 'jane' },
  started_at: '2026-10-12T10:00:00.000Z',
}

export const exampleCancelled = {
  ...exampleReconciliation,
  state: 'cancelled' as const,
  ended_at: '2026-10-12T10:00:04.000Z',
}

export const exampleDifference = {
  about: 'user' as const,
  id: '550e8400-e29b-41d4-a716-446655440000',
  name: 'alice',
  domain: 'example.com',
  missing_in: [],
  fields: [
    {
      field: 'email',
      values: { keycloak: 'alice@new.example', 'wac-core': 'alice@old.example', kitter: 'alice@old.example' },
    },
  ],
  remedy: 'align' as const,
  outcome: 'mended' as const,
}
