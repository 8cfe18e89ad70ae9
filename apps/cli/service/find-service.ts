import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isPlainObject, jsonIn } from '#kernel'
import { CannotRun } from '../cannot-run.ts'
import type { Environment } from '../environment.ts'
import { printable } from '../output/printable.ts'
import { isAccessToken } from './is-access-token.ts'
import type { ServiceAccess } from './service-access.ts'
import type { ServiceOptions } from './service-options.ts'

interface Finding {
  readonly value: string
  readonly source: string
}

/** The service that the options name, else the environment, else the files of a kitter that runs on this machine. */
export async function findService(options: ServiceOptions, environment: Environment): Promise<ServiceAccess> {
  const url = given(options.url, '--url') ?? given(environment.url, 'KITTER_URL') ?? (await urlOf(environment))
  const token =
    given(options.token, '--token') ?? given(environment.token, 'KITTER_TOKEN') ?? (await tokenOf(environment))
  return {
    url: checkedUrl(url),
    urlSource: url.source,
    token: checkedToken(token),
    tokenSource: token.source,
  }
}

function given(value: string | undefined, source: string): Finding | undefined {
  return value === undefined ? undefined : { value, source }
}

async function urlOf({ dataDir }: Environment): Promise<Finding> {
  const path = join(dataDir, 'service.json')
  const text = await read(path)
  if (text === undefined) {
    const search = `there is no ${path} here, and neither --url nor KITTER_URL is given`
    throw new CannotRun(`No kitter service was found: ${search}; start one with "npm start", or say where it is.`)
  }
  const url = urlIn(text)
  if (url === undefined) {
    throw new CannotRun(`${path} does not say where kitter is: start kitter anew with "npm start", or give --url.`)
  }
  return { value: url, source: path }
}

function urlIn(text: string): string | undefined {
  const service = jsonIn(text)
  return isPlainObject(service) && typeof service['url'] === 'string' ? service['url'] : undefined
}

async function tokenOf({ dataDir }: Environment): Promise<Finding> {
  const path = join(dataDir, 'admin-token')
  const text = (await read(path))?.trim()
  if (text === undefined || text === '') {
    const search = `there is no ${path} here, and neither --token nor KITTER_TOKEN is given`
    throw new CannotRun(
      `No access token was found: ${search}; a kitter on the sandbox, started with "npm start", leaves one there.`,
    )
  }
  return { value: text, source: path }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new CannotRun(`${path} can't be read (${String(code)}).`, { cause: error })
  }
}

/** What is wrong isn't shown: it may hold a password. */
function checkedUrl({ value, source }: Finding): string {
  const url = URL.parse(value)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new CannotRun(`The URL from ${source} must be like http://127.0.0.1:3000 or https://example.com/kitter.`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new CannotRun(`The URL from ${source} must not hold a name or password: kitter takes a token.`)
  }
  return printable(url.href.replace(/\/+$/, ''))
}

function checkedToken({ value, source }: Finding): string {
  if (!isAccessToken(value)) throw new CannotRun(`What came from ${source} is not an access token.`)
  return value
}
