import { CannotRun } from '../../cannot-run.ts'
import { readVariables } from '../../environment.ts'
import { ExitCode } from '../../exit-code.ts'
import { askSecret } from '../../input/ask-secret.ts'
import { printable } from '../../output/printable.ts'
import { environmentLine, requirePlain } from './environment-line.ts'

export interface BootstrapKeycloakOptions {
  readonly url: string
  readonly realm: string
  readonly adminUser: string
  readonly adminPassword?: string
  readonly adminRealm: string
  readonly clientId: string
  readonly audience: string
  readonly dryRun?: boolean
}

type Outcome = Awaited<ReturnType<typeof run>>

const secretName = 'KEYCLOAK_CLIENT_SECRET'
const secretAsGiven = `${secretName} is the one that was given, and is not printed.`

/** Makes a realm fit; only the variables to set go to the standard output, without the secret where the caller has it already. */
export async function bootstrapKeycloak(options: BootstrapKeycloakOptions): Promise<ExitCode> {
  const clientSecret = given(readVariables()[secretName])
  // before anything is changed
  if (clientSecret !== undefined) requirePlain(secretName, clientSecret)
  const variables = knownVariables(options)
  const adminPassword = await passwordOf(options)
  if (adminPassword === undefined) return ExitCode.interrupted
  const outcome = await run({ ...options, adminPassword, clientSecret })
  for (const line of reportOf(options, outcome)) console.error(printable(line))
  if (options.dryRun === true) return ExitCode.done
  const secret = clientSecret === undefined ? [secretLine(outcome)] : []
  if (clientSecret !== undefined) console.error(secretAsGiven)
  for (const line of [...variables, ...secret]) console.log(line)
  return ExitCode.done
}

async function passwordOf({ adminUser, adminPassword }: BootstrapKeycloakOptions): Promise<string | undefined> {
  const given = adminPassword ?? readVariables()['KEYCLOAK_ADMIN_PASSWORD'] ?? ''
  if (given !== '') return given
  if (!process.stdin.isTTY) {
    throw new CannotRun(
      'The password of the administrator is missing: set KEYCLOAK_ADMIN_PASSWORD, or give --admin-password.',
    )
  }
  return askSecret(`Password of ${printable(adminUser)}: `)
}

async function run(
  options: BootstrapKeycloakOptions & { readonly adminPassword: string; readonly clientSecret: string | undefined },
) {
  // what other commands need not wait for
  const { BootstrapError, bootstrapRealm } = await import('#infrastructure/keycloak')
  try {
    return await bootstrapRealm(options)
  } catch (error) {
    if (error instanceof BootstrapError) throw new CannotRun(printable(error.message), { cause: error })
    throw error
  }
}

function reportOf(
  { realm, url, dryRun = false }: BootstrapKeycloakOptions,
  { changes, warnings }: Outcome,
): readonly string[] {
  const place = `the realm ${realm} at ${url}`
  const warned = warnings.map((warning) => `Warning: ${warning}.`)
  if (changes.length === 0) return [`Nothing to change: ${place} is fit for kitter.`, ...warned]
  const title = dryRun
    ? `To make ${place} fit for kitter, this would be done:`
    : `To make ${place} fit for kitter, this was done:`
  return [title, ...changes.map((change) => `- ${change}`), ...warned]
}

function knownVariables({ url, realm, clientId, audience }: BootstrapKeycloakOptions): readonly string[] {
  return [
    environmentLine('KEYCLOAK_URL', url),
    environmentLine('KEYCLOAK_REALM', realm),
    environmentLine('KEYCLOAK_CLIENT_ID', clientId),
    ...(audience === 'kitter' ? [] : [environmentLine('TOKEN_AUDIENCE', audience)]),
  ]
}

function secretLine({ clientId, clientSecret }: Outcome): string {
  if (clientSecret === undefined) throw new CannotRun(`Keycloak gave no secret for the client ${clientId}.`)
  return environmentLine(secretName, clientSecret)
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
