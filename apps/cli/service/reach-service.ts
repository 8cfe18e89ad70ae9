import { isPlainObject } from '#kernel'
import { CannotRun } from '../cannot-run.ts'
import type { PatientClient } from './patient-client.ts'
import type { ServiceAccess } from './service-access.ts'
import type { ServiceAnswer } from './service-answer.ts'
import { ServiceAway } from './service-away.ts'
import type { ServiceClient, ServiceRequest } from './service-client.ts'

const question: ServiceRequest = { method: 'GET', path: '/domains?name=kitter' }

/** Sees that a kitter answers and takes the token, before any work is begun. */
export async function reachService(
  service: ServiceClient,
  patient: PatientClient,
  access: ServiceAccess,
): Promise<void> {
  const { status, body } = await firstAnswer(service, patient, access)
  if (status === 200 && isPlainObject(body) && Array.isArray(body['domains'])) return
  throw new CannotRun(
    `What answers at ${access.url} (from ${access.urlSource}) is not kitter, or the URL lacks kitter's HTTP_PREFIX.`,
  )
}

/** Where nobody listens, waiting is pointless: most likely kitter was never started. */
async function firstAnswer(
  service: ServiceClient,
  patient: PatientClient,
  { url, urlSource }: ServiceAccess,
): Promise<ServiceAnswer> {
  try {
    return await service.send(question)
  } catch (error) {
    if (!(error instanceof ServiceAway)) throw error
    if (error.answered) return patient.send(question)
    const hint = 'start kitter with "npm start", or say with --url where it is'
    throw new CannotRun(`The service at ${url} (from ${urlSource}) ${error.doing}: ${hint}.`, { cause: error })
  }
}
