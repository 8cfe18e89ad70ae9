import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { isPlainObject } from '#kernel'
import { CannotRun } from '../../cannot-run.ts'
import { printable } from '../../output/printable.ts'
import { answered } from '../../service/answered.ts'
import type { ServiceAnswer } from '../../service/service-answer.ts'
import type { ServiceClient } from '../../service/service-client.ts'
import type { ImportFile } from './import-file.ts'
import { type Import, importShape, type RefusedRow, refusedRowShape } from './import-shape.ts'
import { type ImportWish, queryOf } from './import-wish.ts'

const pageSize = 1000
const things = 'imports'
const one = z.object({ import: importShape })
const page = z.object({ rows: z.array(refusedRowShape) })
const types = { csv: 'text/csv', ndjson: 'application/x-ndjson' }

export interface Upload {
  readonly onSent: (bytes: number) => void
  /** Breaks it off, and no import is left. */
  readonly signal: AbortSignal
}

/** The imports of the service. */
export class Imports {
  private readonly service: Pick<ServiceClient, 'send'>

  constructor(service: Pick<ServiceClient, 'send'>) {
    this.service = service
  }

  /** The same import, however often the file has to be sent. */
  async start(wish: ImportWish, file: ImportFile, upload: Upload): Promise<Import> {
    const { name, format, size, isPacked } = file
    const answer = await this.service.send({
      method: 'POST',
      path: `/imports?${queryOf(wish)}`,
      file: { type: types[format], size, isPacked, chunks: () => file.chunks(), ...upload },
      idempotencyKey: randomUUID(),
    })
    if (answer.status === 400) throw new CannotRun(refusalOf(answer, name))
    return answered(answer, 202, one, things).import
  }

  async find(id: string): Promise<Import> {
    return answered(await this.service.send({ method: 'GET', path: `/imports/${id}` }), 200, one, things).import
  }

  /** Gives back how it stands then; it may have ended by itself before. */
  async cancel(id: string): Promise<Import> {
    const answer = await this.change(id, 'cancel')
    return answer.code === 'import.ended' ? this.find(id) : answered(answer, 200, one, things).import
  }

  /** The same for one that isn't paused. */
  async resume(id: string): Promise<Import> {
    const answer = await this.change(id, 'resume')
    return answer.code === 'import.not_paused' ? this.find(id) : answered(answer, 200, one, things).import
  }

  /** In the order of the file. */
  async *refusedRows(id: string): AsyncGenerator<RefusedRow> {
    for (let number = 0; ; number++) {
      const query = `outcome=refused&paginate[max]=${pageSize}&paginate[page]=${number}`
      const answer = await this.service.send({ method: 'GET', path: `/imports/${id}/rows?${query}` })
      const { rows } = answered(answer, 200, page, things)
      yield* rows
      if (rows.length < pageSize) return
    }
  }

  private change(id: string, change: string): Promise<ServiceAnswer> {
    return this.service.send({ method: 'POST', path: `/imports/${id}/${change}`, idempotencyKey: randomUUID() })
  }
}

const fieldsShape = z.array(z.object({ path: z.string(), problem: z.string() }))

/** All that is wrong with the file as a whole. */
function refusalOf({ body, sentence }: ServiceAnswer, name: string): string {
  const { data: fields = [] } = fieldsShape.safeParse(isPlainObject(body) ? body['fields'] : undefined)
  if (fields.length === 0) return `${name}: ${sentence}`
  const problems = fields.map(({ path, problem }) => `${path === 'file' ? name : optionOf(path)} ${printable(problem)}`)
  return `${problems.join('; ')}.`
}

/** What is said of an option. */
function optionOf(path: string): string {
  return printable(path)
    .replace(/^columns\[(.*)\]$/, '--column $1')
    .replace(/^(dialect|domain)$/, '--$1')
}
