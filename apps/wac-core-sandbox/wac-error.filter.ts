import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { DomainError } from '#kernel'
import { StatementError } from '#infrastructure/postgres'
import { statusOf } from '#rest'

interface Refusal {
  readonly status: number
  readonly error: string
}

/** Every failure as wac-core tells it: a status, and `error`. */
@Catch()
export class WacErrorFilter implements ExceptionFilter {
  private readonly log = new Logger(WacErrorFilter.name)

  catch(error: unknown, host: ArgumentsHost): void {
    const { status, error: sentence } = refusalOf(error)
    if (status >= 500) this.log.error({ err: error }, 'request failed')
    void host.switchToHttp().getResponse<FastifyReply>().status(status).send({ error: sentence })
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof DomainError) return { status: statusOf(error.kind), error: error.message }
  if (error instanceof StatementError && error.sqlState?.startsWith('22') === true)
    return { status: 400, error: 'Some text has characters that can not be kept.' }
  const status = statusIn(error)
  if (status === undefined || status < 400 || status > 499) return { status: 500, error: 'Internal error.' }
  return { status, error: error instanceof Error ? error.message : 'The request was refused.' }
}

function statusIn(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus()
  if (!(error instanceof Error)) return undefined
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined
}
