import { z } from 'zod'
import { StartError } from '#kernel'

/** In files of settings a variable is often there without a value: that is no setting. */
const setting = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema)

const port = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'must be a port number from 0 to 65535')
  .transform(Number)

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const schema = z.object({
  PORT: setting(port.default(8001)),
  HOST: setting(z.string().default('127.0.0.1')),
  WAC_CORE_TOKEN: setting(
    z
      .string({ error: 'must be set: callers send this token' })
      .regex(/^[\x21-\x7e]+$/, 'must be of printable ASCII, without spaces'),
  ),
  KITTER_DATA_DIR: setting(z.string().default('.wac-core-sandbox')),
  DATABASE_URL: setting(
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must be a URL like postgres://host/database')
      .optional(),
  ),
  LOG_LEVEL: setting(z.enum(levels, { error: `must be one of ${levels.join(', ')}` }).default('info')),
})

export type Configuration = z.output<typeof schema>

/** All problems are told together; values, which may be secrets, are not. */
export function configurationFrom(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const { data, error } = schema.safeParse(environment)
  if (data !== undefined) return data
  const problems = error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  throw new ConfigurationError(`The wac-core sandbox can't start with these settings: ${problems.join('; ')}.`)
}

/** The exit code is the one that `sysexits.h` keeps for a wrong configuration. */
class ConfigurationError extends StartError {
  readonly exitCode = 78
}
