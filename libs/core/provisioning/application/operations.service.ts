import { Injectable } from '@nestjs/common'
import { type Actor, isUuid, type Page, seesAll } from '#kernel'
import { type OperationFilter, OperationRecords, type OperationReport } from './operation-records.ts'
import { operationSettled, unknownOperation } from './provisioning-errors.ts'

/** Operations as an actor sees them: to a domain admin, what they didn't ask for themselves isn't there. */
@Injectable()
export class OperationsService {
  constructor(private readonly records: OperationRecords) {}

  list(
    actor: Actor,
    filter: Omit<OperationFilter, 'askedBy'>,
    page: Page,
  ): Promise<{ readonly operations: readonly OperationReport[]; readonly total: number }> {
    return this.records.list(seesAll(actor) ? filter : { ...filter, askedBy: actor.subject }, page)
  }

  async read(actor: Actor, id: string): Promise<OperationReport> {
    const operation = isUuid(id) ? await this.records.find(id) : undefined
    if (operation === undefined) throw unknownOperation()
    if (!seesAll(actor) && operation.actor.id !== actor.subject) throw unknownOperation()
    return operation
  }

  /** One whose caller still waits for it needs no help. */
  async retry(actor: Actor, id: string): Promise<OperationReport> {
    requireUnsettled(await this.read(actor, id))
    await this.records.retry(id)
    return this.read(actor, id)
  }
}

function requireUnsettled({ state }: OperationReport): void {
  if (state === 'done' || state === 'undone') throw operationSettled()
}
