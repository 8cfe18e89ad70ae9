export const exampleOperation = {
  id: '0b9b1f0e-55a1-4d6c-8a54-5b1f6a1f2c3d',
  kind: 'user.create',
  subject: '550e8400-e29b-41d4-a716-446655440000',
  actor: { id: 'c2a9c0d4-6e0f-4d57-9f6b-0f6a2b7c1d11', name: 'jane' },
  state: 'stuck' as const,
  started_at: '2026-10-12T10:00:00.000Z',
  tries: 20,
  last_error: 'service.unavailable: wac-core does not answer. Nothing was changed.',
  steps: [
    {
      name: 'wac-core: create user',
      state: 'begun' as const,
      tries: 1,
      begun_at: '2026-10-12T10:00:00.010Z',
      ended_at: '2026-10-12T10:00:10.020Z',
      error: 'service.unavailable: wac-core did not answer in time.',
    },
  ],
}

export const exampleRetried = {
  ...exampleOperation,
  state: 'settling' as const,
  tries: 0,
  next_try_at: '2026-10-12T11:00:00.000Z',
}
