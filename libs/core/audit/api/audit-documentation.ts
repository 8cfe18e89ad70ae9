const someone = { id: 'c2a9c0d4-6e0f-4d57-9f6b-0f6a2b7c1d11', name: 'jane' }

export const exampleEntry = {
  id: '4711',
  at: '2026-10-12T10:00:00.000Z',
  actor: someone,
  origin: { address: '192.0.2.7', request_id: '4f1c3e0a-6f0e-4c43-9b0e-0d6f1f5f8a11' },
  action: 'user.update',
  subject: '550e8400-e29b-41d4-a716-446655440000',
  outcome: 'done' as const,
  operation: '0b9b1f0e-55a1-4d6c-8a54-5b1f6a1f2c3d',
  before: { enabled: true },
  after: { enabled: false },
}
