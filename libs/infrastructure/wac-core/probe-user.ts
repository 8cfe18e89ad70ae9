import { randomBytes, randomUUID } from 'node:crypto'
import { isOutcomeUnknown } from '#kernel'
import type { Finding } from '#core/health'
import { describeFailure } from './describe-failure.ts'
import type { WacCore } from './wac-core.ts'
import { wacUserDocument, wacUserDocuments } from './wac-documents.ts'

interface Probe {
  readonly domain: string
  readonly username: string
  readonly externalId: string
}

/** Writes a user with an external id, reads it back, and takes it away, whatever happens. */
export async function probeUser(wacCore: WacCore, domain: string): Promise<readonly Finding[]> {
  const username = `kitter-doctor-${randomBytes(6).toString('hex')}`
  const probe: Probe = { domain, username, externalId: randomUUID() }
  const findings: Finding[] = []
  let id: string | undefined
  try {
    id = await written(wacCore, probe)
    findings.push({ state: 'right', sentence: 'wac-core lets kitter make users.' }, await readBack(wacCore, id, probe))
  } catch (error) {
    findings.push(refused('make and read users', error))
    if (id === undefined && isOutcomeUnknown(error)) id = await found(wacCore, probe)
  }
  return id === undefined ? findings : [...findings, await removed(wacCore, id, probe)]
}

function written(wacCore: WacCore, probe: Probe): Promise<string> {
  const body = { ...probe, role: 'user', capabilities: [], mobilePhone: [] }
  return wacCore.create({ path: 'users', body }, {})
}

async function readBack(wacCore: WacCore, id: string, { externalId }: Probe): Promise<Finding> {
  const user = await wacCore.find(`users/${id}`, wacUserDocument)
  if (user?.externalId === externalId)
    return { state: 'right', sentence: 'wac-core keeps externalId, by which kitter matches its users.' }
  const sentence =
    user === undefined ? 'wac-core does not find a user that it just made.' : 'wac-core drops externalId of its users.'
  return { state: 'wrong', sentence, mend: 'Update wac-core to a version whose users have an externalId.' }
}

/** A user whose making was not confirmed may be there all the same. */
async function found(wacCore: WacCore, { domain, username }: Probe): Promise<string | undefined> {
  const users = await wacCore.read('users', wacUserDocuments, { domain, username }).catch(() => [])
  return users.find((user) => user.username === username)?.id
}

async function removed(wacCore: WacCore, id: string, { domain, username }: Probe): Promise<Finding> {
  try {
    await wacCore.remove(`users/${id}`)
    return { state: 'right', sentence: 'wac-core lets kitter remove users.' }
  } catch (error) {
    const mend = `Remove the user ${username} of the domain ${domain} at wac-core, which was made for this look.`
    return { ...refused('remove users', error), mend }
  }
}

function refused(what: string, error: unknown): Finding {
  const sentence = `wac-core does not let kitter ${what}: ${describeFailure(error)}.`
  return { state: 'wrong', sentence, mend: 'Give the service token the rights to do so, and look into its log.' }
}
