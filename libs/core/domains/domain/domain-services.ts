import { below, type Check, checkListOf, checkText, isPlainObject } from '#kernel'

/** The services that wac-core can switch on for a domain. */
export const serviceNames = [
  'callcontrol',
  'contacts',
  'datapipe',
  'filesharing',
  'filetransfer',
  'forms',
  'login',
  'meetings',
  'oauth2client',
  'presence',
  'remotelog',
  'usersettings',
  'usersgroup',
  'xmpp',
] as const

export type ServiceName = (typeof serviceNames)[number]
export type DomainServices = Readonly<Partial<Record<ServiceName, readonly string[]>>>
/** `null` removes a service. */
export type DomainServicesPatch = Readonly<Partial<Record<ServiceName, readonly string[] | null>>>

const checkSettings = checkListOf(checkText({ max: 2048 }), 1000)

export const checkDomainServices: Check = (value) => checkServices(value, checkSettings)

export const checkDomainServicesPatch: Check = (value) =>
  checkServices(value, (setting) => (setting === null ? [] : checkSettings(setting)))

function checkServices(value: unknown, check: Check): ReturnType<Check> {
  if (!isPlainObject(value)) return [{ path: '', problem: 'must be an object' }]
  return Object.entries(value).flatMap(([name, setting]) =>
    below(
      name,
      isServiceName(name)
        ? check(setting)
        : [{ path: '', problem: `is no service; they are ${serviceNames.join(', ')}` }],
    ),
  )
}

function isServiceName(name: string): name is ServiceName {
  return serviceNames.some((known) => known === name)
}

/** The services after a patch: key by key, `null` removes one. */
export function mergeServices(services: DomainServices, patch: DomainServicesPatch): DomainServices {
  const merged: Partial<Record<ServiceName, readonly string[]>> = {}
  for (const name of serviceNames) {
    const setting = patch[name] === undefined ? services[name] : patch[name]
    if (setting !== undefined && setting !== null) merged[name] = setting
  }
  return merged
}
