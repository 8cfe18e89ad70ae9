import { describe, expect, it } from 'vitest'
import { CannotRun } from '../cannot-run.ts'
import { PatientClient } from './patient-client.ts'
import { serviceAnswer } from './service-answer.ts'
import { ServiceAway } from './service-away.ts'
import type { ServiceRequest } from './service-client.ts'

const request: ServiceRequest = { method: 'POST', path: '/users', idempotencyKey: 'one' }
const done = serviceAnswer(201, {}, 'secret')

/** Each failure once, in turn, then the answer. */
function failing(failures: readonly Error[]) {
  const sent: ServiceRequest[] = []
  const send = (asked: ServiceRequest) => {
    const failure = failures[sent.length]
    sent.push(asked)
    return failure === undefined ? Promise.resolve(done) : Promise.reject(failure)
  }
  return { send, sent }
}

function patience(seconds: number, signal = new AbortController().signal) {
  const waiting: string[] = []
  return { waiting, patience: { seconds, signal, say: (sentence: string) => waiting.push(sentence) } }
}

/** A clock that moves a second each time it's looked at. */
function clock(): () => number {
  let now = 0
  return () => now++
}

describe('PatientClient', () => {
  it('sends the same request again while the service is away', async () => {
    const service = failing([new ServiceAway('refuses connections'), new ServiceAway('answers 503', { retryAfter: 0 })])
    const { waiting, patience: patient } = patience(10)
    expect(await new PatientClient(service, patient).send(request)).toBe(done)
    expect(service.sent).toEqual([request, request, request])
    expect(waiting).toEqual(['Waiting: the service refuses connections.', 'Waiting: the service answers 503.'])
  })

  it('gives up when its patience is over', async () => {
    const service = failing(Array<Error>(100).fill(new ServiceAway('refuses connections')))
    const sending = new PatientClient(service, patience(3).patience, clock()).send(request)
    await expect(sending).rejects.toThrow(new CannotRun('The service refuses connections, and did so for 3 seconds.'))
    expect(service.sent).toHaveLength(3)
  })

  it('does not wait at all for a service that wants more time than there is', async () => {
    const service = failing([new ServiceAway('answers 503', { retryAfter: 3600 })])
    const sending = new PatientClient(service, patience(60).patience).send(request)
    await expect(sending).rejects.toThrow('The service answers 503, and wants to be left alone for 3600 seconds.')
  })

  it('passes on what waiting does not change', async () => {
    const service = failing([new CannotRun('The token is wrong.')])
    await expect(new PatientClient(service, patience(60).patience).send(request)).rejects.toThrow('The token is wrong.')
    expect(service.sent).toHaveLength(1)
  })

  it('ends waiting when it is told to', async () => {
    const stop = new AbortController()
    const service = failing([new ServiceAway('answers 503', { retryAfter: 50 })])
    const sending = new PatientClient(service, {
      seconds: 60,
      signal: stop.signal,
      say: () => stop.abort(),
    }).send(request)
    await expect(sending).rejects.toThrow(new CannotRun('The service answers 503.'))
  })
})
