import { DomainError } from '#kernel'
import type { Finding } from '#core/health'
import { callerIdHtable } from '#core/caller-id'
import { failureReason } from './failure-reason.ts'
import type { DeclaredHtable, KamailioSipProxy } from './kamailio-sip-proxy.ts'
import { TableName } from './table-name.ts'

/** What `kitter doctor` says of the sip-proxy. It reloads nothing. `table` is the one that kitter writes to. */
export async function* examineSipProxy(sipProxy: KamailioSipProxy, table = TableName.stock): AsyncIterable<Finding> {
  try {
    yield { state: 'right', sentence: `The sip-proxy answers: ${await sipProxy.version()}.` }
  } catch (error) {
    yield unanswered(error)
    return
  }
  try {
    yield htableFinding(await sipProxy.htables(), table)
  } catch (error) {
    yield {
      state: 'wrong',
      sentence: `The sip-proxy doesn't list its htables: ${failureReason(error)}.`,
      mend: 'Have it load the module htable (kamailio.cfg: loadmodule "htable.so").',
    }
  }
}

function unanswered(error: unknown): Finding {
  const refused = error instanceof DomainError && error.kind === 'refused_elsewhere'
  const mend = refused
    ? 'Compare SIP_PROXY_URL with where Kamailio serves JSON-RPC (kamailio.cfg: xhttp, and jsonrpc_dispatch() in its event_route), and its user and password.'
    : 'See that Kamailio runs, and compare SIP_PROXY_URL with where it listens, or SIP_PROXY_KAMCMD with the "binrpc" of its module ctl; kitter needs the right to its socket.'
  return { state: 'wrong', sentence: `The sip-proxy gives no answer: ${failureReason(error)}.`, mend }
}

function htableFinding(htables: readonly DeclaredHtable[], table: TableName): Finding {
  const declaration = `modparam("htable", "htable", "${callerIdHtable}=>size=8;dbtable=${table.schema === 'public' ? table.table : String(table)};")`
  const htable = htables.find(({ name }) => name === callerIdHtable)
  if (htable === undefined)
    return {
      state: 'wrong',
      sentence: `The sip-proxy has no htable ${callerIdHtable}.`,
      mend: `Declare it in kamailio.cfg: ${declaration}`,
    }
  const where = `The sip-proxy's htable ${callerIdHtable}`
  if (htable.dbtable === '')
    return {
      state: 'wrong',
      sentence: `${where} is in no database, so that it can't be reloaded.`,
      mend: `Give it its table in kamailio.cfg: ${declaration}`,
    }
  const read = TableName.parse(htable.dbtable)
  if (read?.equals(table) !== true)
    return {
      // without a schema, it's one of Kamailio's search path
      state: read?.table === table.table && !htable.dbtable.includes('.') ? 'doubtful' : 'wrong',
      sentence: `${where} is read from the table ${htable.dbtable}, and kitter writes to ${String(table)}.`,
      mend: `Set HTABLE_TABLE to ${htable.dbtable}, or declare in kamailio.cfg: ${declaration}`,
    }
  return { state: 'right', sentence: `${where} is read from the table ${htable.dbtable}.` }
}
