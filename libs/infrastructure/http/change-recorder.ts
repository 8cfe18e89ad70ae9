import { Injectable, Logger } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type DomainError, type ErrorKind, isPlainObject } from '#kernel'
import { type AuditEntry, AuditTrail, type Told } from '#core/audit'
import { actorOf, Dialects } from '#rest'
import { changeOf } from './audited-request.ts'
import { internalError } from './problem.ts'

/**
 * What a refusal must be to be told. Those that say no more than that a request was wrong aren't, nor those of a kitter that
 * can't serve: they tell nothing of what somebody wanted to do, and may come in floods.
 */
const told: readonly ErrorKind[] = ['forbidden', 'unknown', 'conflict', 'precondition', 'refused_elsewhere']

type Outcome = Pick<AuditEntry, 'outcome' | 'code'>

/** Tells the audit trail of the changes that operations don't tell it themselves, and of those that were refused. */
@Injectable()
export class ChangeRecorder {
  private readonly log = new Logger(ChangeRecorder.name)

  constructor(
    private readonly trail: AuditTrail,
    private readonly dialects: Dialects,
  ) {}

  async made(request: FastifyRequest, reply: FastifyReply, answer: unknown): Promise<void> {
    const change = changeOf(request)
    if (change === undefined || change.byOperation) return
    const dialect = this.dialects.of(request)
    const after = dialect === undefined ? plainValuesIn(answer) : dialect.auditedOf(answer)
    await this.record(request, reply, { outcome: 'done' }, after)
  }

  /** Without a problem that has a name, it's a fault of kitter's own. */
  async refused(request: FastifyRequest, reply: FastifyReply, problem: DomainError | undefined): Promise<void> {
    const outcome = outcomeOf(problem)
    if (outcome !== undefined) await this.record(request, reply, outcome)
  }

  /** What has been done or refused stays so, also where it can't be told: then it's in the log. */
  private async record(request: FastifyRequest, reply: FastifyReply, outcome: Outcome, after?: Told): Promise<void> {
    const actor = actorOf(request)
    const change = changeOf(request)
    if (actor === undefined || change === undefined || isReplay(reply)) return
    const entry: AuditEntry = {
      actor,
      action: change.action,
      subject: this.dialects.of(request)?.subjectOf(request) ?? subjectOf(request) ?? textOf(after?.['name']),
      ...outcome,
      after,
    }
    try {
      await this.trail.add(entry)
    } catch (error) {
      this.log.error({ err: error, entry: { ...entry, after: undefined } }, 'the audit trail could not be told')
    }
  }
}

function outcomeOf(problem: DomainError | undefined): Outcome | undefined {
  if (problem === undefined) return { outcome: 'unknown', code: internalError().code }
  const { code, kind, details } = problem
  if (details.outcome === 'unknown') return { outcome: 'unknown', code }
  return told.includes(kind) ? { outcome: 'refused', code } : undefined
}

/** The answer to an earlier request, given once more. */
function isReplay(reply: FastifyReply): boolean {
  return reply.getHeader('idempotency-replayed') === 'true'
}

const longestSubject = 255

/** As the path names it: no longer than what there can be, for nobody has looked whether there is such a thing. */
function subjectOf({ params }: FastifyRequest): string | undefined {
  if (!isPlainObject(params)) return undefined
  return textOf(params['id'] ?? params['name'])
    ?.slice(0, longestSubject)
    .replaceAll('\0', '')
    .toWellFormed()
}

/** How many, which: never a whole document. */
function plainValuesIn(answer: unknown): Told | undefined {
  if (!isPlainObject(answer)) return undefined
  const plain = Object.entries(answer).filter(([, value]) => typeof value !== 'object')
  return plain.length === 0 ? undefined : Object.fromEntries(plain)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
