import { AsyncLocalStorage } from 'node:async_hooks'

export interface RequestContext {
  readonly requestId: string
}

/** Which request the running code belongs to, so that every log line of it says so. */
export const requestContext = new AsyncLocalStorage<RequestContext>()
