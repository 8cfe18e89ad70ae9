import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { CannotRun } from '../../cannot-run.ts'
import { printable } from '../../output/printable.ts'
import { answered } from '../../service/answered.ts'
import type { ServiceClient } from '../../service/service-client.ts'
import { type Difference, differenceShape } from './difference.ts'
import { type Reconciliation, reconciliationShape } from './reconciliation.ts'
import type { ReconciliationWish } from './reconciliation-wish.ts'

const pageSize = 500
const things = 'reconciliations'
const one = z.object({ reconciliation: reconciliationShape })
const some = z.object({ reconciliations: z.array(reconciliationShape) })
const page = z.object({ differences: z.array(differenceShape) })

/** The reconciliations of the service. */
export class Reconciliations {
  private readonly service: Pick<ServiceClient, 'send'>

  constructor(service: Pick<ServiceClient, 'send'>) {
    this.service = service
  }

  async start({ domain, ...policy }: ReconciliationWish): Promise<Reconciliation> {
    const body = { scope: domain ?? 'all', ...policy }
    const path = '/reconciliations'
    const answer = await this.service.send({ method: 'POST', path, body, idempotencyKey: randomUUID() })
    if (answer.code === 'reconciliation.running') throw new CannotRun(`${answer.sentence}${await this.running()}`)
    return answered(answer, 202, one, things).reconciliation
  }

  async find(id: string): Promise<Reconciliation> {
    return answered(await this.service.send({ method: 'GET', path: `/reconciliations/${id}` }), 200, one, things)
      .reconciliation
  }

  /** Gives back how it stands then; it may have ended by itself before. */
  async cancel(id: string): Promise<Reconciliation> {
    const answer = await this.service.send({
      method: 'POST',
      path: `/reconciliations/${id}/cancel`,
      idempotencyKey: randomUUID(),
    })
    return answer.code === 'reconciliation.ended' ? this.find(id) : answered(answer, 200, one, things).reconciliation
  }

  /** Page by page: there may be very many. */
  async *differences(id: string): AsyncGenerator<readonly Difference[]> {
    for (let number = 0; ; number++) {
      const query = `paginate[max]=${pageSize}&paginate[page]=${number}`
      const answer = await this.service.send({ method: 'GET', path: `/reconciliations/${id}/differences?${query}` })
      const { differences } = answered(answer, 200, page, things)
      if (differences.length > 0) yield differences
      if (differences.length < pageSize) return
    }
  }

  /** Which one, for whoever wants to wait for it or to cancel it. */
  private async running(): Promise<string> {
    const { status, body } = await this.service.send({ method: 'GET', path: '/reconciliations?paginate[max]=1' })
    const [newest] = status === 200 ? (some.safeParse(body).data?.reconciliations ?? []) : []
    if (newest?.state !== 'running') return ''
    const { id, started_by: by, started_at: at } = newest
    return ` It is ${id}, started by ${printable(by.name)} at ${printable(at)}.`
  }
}
