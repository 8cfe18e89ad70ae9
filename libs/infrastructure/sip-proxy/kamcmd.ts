import { execFile, type ExecFileException } from 'node:child_process'
import { outcomeUnknown, systemRefused, systemUnavailable } from '#kernel'
import { recordsOf } from './kamcmd-output.ts'
import type { KamailioRpc } from './kamailio-rpc.ts'
import { sipProxyName } from './sip-proxy-name.ts'

export interface KamcmdOptions {
  readonly program?: string
  readonly timeoutMs?: number
}

/** Debian has it in /usr/sbin, which isn't in everybody's PATH; and kitter's secrets are none of its business. */
const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }
const longestAnswer = 8 * 1024 * 1024

/** Kamailio's program `kamcmd`, which speaks to its module `ctl` at an address such as `unix:/run/kamailio/kamailio_ctl`. */
export class Kamcmd implements KamailioRpc {
  private readonly program: string
  private readonly timeoutMs: number

  constructor(
    private readonly address: string,
    { program = 'kamcmd', timeoutMs = 5000 }: KamcmdOptions = {},
  ) {
    this.program = program
    this.timeoutMs = timeoutMs
  }

  async call(method: string, ...parameters: readonly string[]): Promise<unknown> {
    // with "s:" before it "12" is a text, too
    const output = await this.run(['-s', this.address, method, ...parameters.map((text) => `s:${text}`)])
    // its exit code is 0 then
    const refusal = /^error: (.*)/.exec(output)?.[1]
    if (refusal !== undefined) throw systemRefused(sipProxyName, new Error(`it answers ${method} with ${refusal}`))
    return recordsOf(output) ?? output.trim()
  }

  private run(args: readonly string[]): Promise<string> {
    const options = {
      env: environment,
      cwd: '/',
      timeout: this.timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: longestAnswer,
    } as const
    return new Promise((resolve, reject) => {
      execFile(this.program, args, options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else reject(this.failureOf(error, stderr))
      })
    })
  }

  private failureOf({ code, killed, message }: ExecFileException, stderr: string): Error {
    if (killed === true) return outcomeUnknown(sipProxyName, new Error('kamcmd got no answer in time'))
    const said = stderr.trim().replace(/^ERROR: /, '')
    // the one complaint that comes after the question was sent; also of a server that is no Kamailio
    if (said.includes('reply')) return outcomeUnknown(sipProxyName, new Error(`kamcmd says: ${said}`))
    return systemUnavailable(
      sipProxyName,
      new Error(this.reasonOf(code, said === '' ? message : `kamcmd says: ${said}`)),
    )
  }

  private reasonOf(code: ExecFileException['code'], otherwise: string): string {
    if (code === 'ENOENT')
      return `the program ${this.program} is not installed: SIP_PROXY_KAMCMD needs it, SIP_PROXY_URL doesn't`
    if (code === 'EACCES') return `kitter may not run the program ${this.program}`
    return otherwise
  }
}
