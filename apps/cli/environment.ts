/** What the environment says about the service. */
export interface Environment {
  readonly url: string | undefined
  readonly token: string | undefined
  /** Where a kitter on this machine leaves `service.json` and `admin-token`. */
  readonly dataDir: string
}

export function readEnvironment(): Environment {
  // eslint-disable-next-line no-restricted-syntax -- the one place where this app reads the environment
  const { KITTER_URL, KITTER_TOKEN, KITTER_DATA_DIR } = process.env
  return { url: given(KITTER_URL), token: given(KITTER_TOKEN), dataDir: given(KITTER_DATA_DIR) ?? '.kitter' }
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}
