import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'

export interface KeepAliveAgents {
  readonly plain: Agent
  readonly secure: SecureAgent
}

/**
 * How long an unused connection is kept: less than the 5 s of a Node server, which are the shortest of common servers.
 * Whoever reuses a connection just when the other side closes it can't tell whether a change was made.
 */
const longestIdleMs = 4000

/** Connections that are used again, and whose making is given up after a while: surely nothing was sent then. */
export function keepAliveAgents(connectTimeoutMs: number): KeepAliveAgents {
  const options = { keepAlive: true, timeout: longestIdleMs }
  return {
    plain: givingUp(new Agent(options), 'connect', connectTimeoutMs),
    secure: givingUp(new SecureAgent(options), 'secureConnect', connectTimeoutMs),
  }
}

function givingUp<Kind extends Agent>(agent: Kind, ready: 'connect' | 'secureConnect', timeoutMs: number): Kind {
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback)
    const timer = setTimeout(() => socket?.destroy(new ConnectTimeout(timeoutMs)), timeoutMs)
    const stop = (): void => clearTimeout(timer)
    socket?.once(ready, stop).once('close', stop)
    return socket
  }
  return agent
}

class ConnectTimeout extends Error {
  /** undici's, which whoever asks `wasNotSent` knows; Node's own `ETIMEDOUT` is also said of connections that stood. */
  readonly code = 'UND_ERR_CONNECT_TIMEOUT'

  constructor(timeoutMs: number) {
    super(`no connection within ${timeoutMs} ms`)
  }
}
