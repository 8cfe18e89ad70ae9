/** What the environment says about the service. */
export interface Environment {
  readonly url: string | undefined
  readonly token: string | undefined
  /** Where a kitter on this machine leaves `service.json` and `admin-token`. */
  readonly dataDir: string
}

export function readEnvironment(): Environment {
  const { KITTER_URL, KITTER_TOKEN, KITTER_DATA_DIR } = readVariables()
  return { url: given(KITTER_URL), token: given(KITTER_TOKEN), dataDir: given(KITTER_DATA_DIR) ?? '.kitter' }
}

/** All of it, as it is. */
export function readVariables(): Readonly<Record<string, string | undefined>> {
  // eslint-disable-next-line no-restricted-syntax -- the one place where this app reads the environment
  return process.env
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}
