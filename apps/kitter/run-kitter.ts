import 'reflect-metadata'
import { createLogger } from '#infrastructure/http'
import { configurationFrom } from './configuration.ts'
import { Ending } from './ending.ts'
import { startKitter } from './start-kitter.ts'

/** Runs kitter from its start to its end, and tells the exit code. A `StartError` says why it can't start. */
export async function runKitter(environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  const configuration = configurationFrom(environment)
  const logger = createLogger({ level: configuration.LOG_LEVEL, readable: process.stdout.isTTY })
  const ending = new Ending(logger, (code) => process.exit(code))
  ending.watch(process)
  const kitter = await startKitter(configuration, logger)
  void kitter.broken.then((sentence) => ending.broken(sentence))
  const { exitCode, signal } = await ending.begun
  await kitter.stop(signal)
  return exitCode
}
