import 'reflect-metadata'
import { StartError } from '#kernel'
import { ConfigurationError, configurationFrom } from './configuration.ts'
import { startKitter } from './start-kitter.ts'

/** Ends the process once everything is put away; a second signal doesn't wait for that. */
async function main(): Promise<void> {
  // eslint-disable-next-line no-restricted-syntax -- the one place where this app reads the environment
  const kitter = await startKitter(configurationFrom(process.env))
  const stop = (signal: NodeJS.Signals): void => {
    process.once(signal, () => process.exit(1))
    kitter.stop(signal).then(() => process.exit(0), fail)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  void kitter.broken.then(() => process.exit(1))
}

function fail(error: unknown): never {
  if (error instanceof StartError) console.error(error.message)
  else console.error(error)
  process.exit(error instanceof ConfigurationError ? error.exitCode : 1)
}

main().catch(fail)
