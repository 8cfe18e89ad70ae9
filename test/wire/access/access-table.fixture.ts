import type { Role } from '#kernel'

const admin = ['kitter-admin'] as const
const changers = ['kitter-admin', 'kitter-domain-admin'] as const
const readers = ['kitter-admin', 'kitter-domain-admin', 'kitter-viewer'] as const
const platformReaders = ['kitter-admin', 'kitter-viewer'] as const

/** Who may call what, written down by hand: what the code says of itself proves nothing. */
export const accessTable: Readonly<Record<string, readonly Role[] | 'anybody'>> = {
  'GET /domains': readers,
  'POST /domains': changers,
  'GET /domains/{id}': readers,
  'PATCH /domains/{id}': changers,
  'DELETE /domains/{id}': changers,
  'POST /domains/{id}/logout': changers,
  'GET /users': readers,
  'GET /users/search': readers,
  'POST /users': changers,
  'POST /users/logout': admin,
  'GET /users/{domain}/{username}': readers,
  'GET /users/{id}': readers,
  'PATCH /users/{id}': changers,
  'DELETE /users/{id}': changers,
  'POST /users/{id}/logout': changers,
  'POST /users/{id}/reset-password-email': changers,
  'GET /callerIdManager': platformReaders,
  'POST /callerIdManager': admin,
  'POST /callerIdManager/reload': admin,
  'GET /callerIdManager/{name}': platformReaders,
  'DELETE /callerIdManager/{name}': admin,
  'GET /operations': readers,
  'GET /operations/{id}': readers,
  'POST /operations/{id}/retry': changers,
  'GET /reconciliations': platformReaders,
  'POST /reconciliations': admin,
  'GET /reconciliations/{id}': platformReaders,
  'GET /reconciliations/{id}/differences': platformReaders,
  'POST /reconciliations/{id}/cancel': admin,
  'GET /imports': readers,
  'POST /imports': changers,
  'GET /imports/{id}': readers,
  'GET /imports/{id}/rows': readers,
  'POST /imports/{id}/cancel': changers,
  'POST /imports/{id}/resume': changers,
  'GET /audit': readers,
  'GET /health/liveness': 'anybody',
  'GET /health/readiness': 'anybody',
}

/** Outside the API's document. */
export const publicPaths = ['/openapi.json', '/docs', '/metrics', '/realms/kitter/.well-known/openid-configuration']
