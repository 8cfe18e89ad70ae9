import { StartError } from '#kernel'

const oldestNode = 24

/** Older versions of Node fail while they load kitter: it is loaded once the version is known. */
async function main(): Promise<number> {
  if (Number.parseInt(process.versions.node) < oldestNode)
    throw new StartError(`kitter needs Node ${oldestNode} or newer, and this is ${process.versions.node}.`)
  const { runKitter } = await import('./run-kitter.ts')
  // eslint-disable-next-line no-restricted-syntax -- the one place where this app reads the environment
  return runKitter(process.env)
}

function fail(error: unknown): number {
  console.error(error instanceof StartError ? error.message : error)
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number' ? error.exitCode : 1
}

process.exit(await main().catch(fail))
