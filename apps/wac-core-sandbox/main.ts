import { StartError } from '#kernel'

/** Older versions of Node fail while they load this: it is loaded once the version is known. */
const oldestNode = 24

async function main(): Promise<number> {
  if (Number.parseInt(process.versions.node) < oldestNode)
    throw new StartError(`This needs Node ${oldestNode} or newer, and Node here is ${process.versions.node}.`)
  const { runWacCoreSandbox } = await import('./run-wac-core-sandbox.ts')
  // eslint-disable-next-line no-restricted-syntax -- the one place where this app reads the environment
  return runWacCoreSandbox(process.env)
}

function fail(error: unknown): number {
  console.error(error instanceof StartError ? error.message : error)
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number' ? error.exitCode : 1
}

process.exit(await main().catch(fail))
