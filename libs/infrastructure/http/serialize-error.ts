import { pino } from 'pino'
import { DomainError } from '#kernel'

/** An expected failure in one sentence, for where in the code it was noticed tells an operator nothing; a bug with its stack. */
export function serializeError(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error instanceof Error ? pino.stdSerializers.err(error) : error
  const { code, details } = error
  return { code, message: reasonsOf(error).join(' '), ...(details.operation && { operation: details.operation }) }
}

/** Down to the first cause, each said once and as a sentence. */
function reasonsOf(error: unknown): readonly string[] {
  const said = new Set<string>()
  for (let reason = error; reason instanceof Error; reason = causeOf(reason)) {
    if (reason.message !== '') said.add(/[.!?]$/.test(reason.message) ? reason.message : `${reason.message}.`)
  }
  return [...said]
}

/** Of several attempts to connect, as to each address of a name, the first tells enough. */
function causeOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : error.cause
}
