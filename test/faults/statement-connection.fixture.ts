import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Trap, Traps, Verdict } from './trap.fixture.ts'

const idle = 'I'
/** A transaction in which something was refused. */
const failed = 'E'
/** After these, whoever sent them waits for an answer. */
const endsOfRequests = 'SQpX'

/** One connection to Postgres, by its protocol of messages: a letter, a length, and what is said. */
export class StatementConnection {
  readonly closed: Promise<unknown>
  private readonly server: Socket
  private fromClient = Buffer.alloc(0)
  private fromServer = Buffer.alloc(0)
  private request: Buffer[] = []
  private hasBegun = false
  private status = idle
  /** Waits for the commit of the transaction, or for its answer. */
  private armed: Trap | undefined
  private answering: Trap | undefined
  private isLate = false
  private work = Promise.resolve()

  constructor(
    private readonly client: Socket,
    target: URL,
    private readonly traps: Traps,
  ) {
    this.server = connect({ port: Number(target.port), host: target.hostname, noDelay: true })
    const [clientGone, serverGone] = [client, this.server].map(
      (socket) => new Promise<void>((resolve) => socket.on('error', () => undefined).once('close', () => resolve())),
    )
    this.closed = Promise.all([clientGone, serverGone])
    client.on('data', (data: Buffer) => this.in(() => this.hear(data)))
    this.server.on('data', (data: Buffer) => this.in(() => this.answer(data)))
    void clientGone?.then(() => this.isLate || this.server.destroy())
    void serverGone?.then(() => this.end())
  }

  end(): void {
    this.client.destroy()
    this.server.destroy()
    this.armed?.end()
    this.answering?.end()
  }

  /** One after the other, in the order of their coming. */
  private in(work: () => Promise<void> | void): void {
    this.work = this.work.then(work).catch(() => this.end())
  }

  private async hear(data: Buffer): Promise<void> {
    this.fromClient = Buffer.concat([this.fromClient, data])
    for (;;) {
      const message = this.nextOfClient()
      if (message === undefined) return
      this.request.push(message)
      const isComplete = !this.hasBegun || endsOfRequests.includes(String.fromCharCode(message[0] ?? 0))
      this.hasBegun = true
      if (isComplete) await this.send(Buffer.concat(this.request.splice(0)))
    }
  }

  private nextOfClient(): Buffer | undefined {
    const letters = this.hasBegun ? 1 : 0
    const [message, rest] = split(this.fromClient, letters)
    if (message !== undefined) this.fromClient = rest
    return message
  }

  private async send(request: Buffer): Promise<void> {
    const text = request.toString('utf8')
    const trap = this.armed ?? this.traps.take(text)
    if (trap === undefined) return void this.server.write(request)
    if (trap.moment !== 'instead' && this.status !== idle && !isCommit(text)) {
      this.armed = trap
      return void this.server.write(request)
    }
    this.armed = undefined
    if (trap.moment === 'after') {
      this.answering = trap
      return void this.server.write(request)
    }
    await this.judge(await trap.spring(), request, trap)
  }

  private async judge(verdict: Verdict, request: Buffer, trap: Trap): Promise<void> {
    if (verdict === 'drop') {
      trap.end()
      this.end()
      return
    }
    if (verdict === 'pass') {
      this.server.write(request)
      trap.end()
      return
    }
    if ('lateMs' in verdict) {
      this.isLate = true
      this.answering = trap
      this.client.destroy()
      await pause(verdict.lateMs)
      return void this.server.write(request)
    }
    trap.end()
    if (!('sqlState' in verdict)) throw new Error('Postgres knows no such answer')
    this.client.write(refusal(verdict, this.status === idle ? idle : failed))
  }

  private async answer(data: Buffer): Promise<void> {
    this.fromServer = Buffer.concat([this.fromServer, data])
    const ready: Buffer[] = []
    for (;;) {
      const [message, rest] = split(this.fromServer, 1)
      if (message === undefined) break
      this.fromServer = rest
      if (message[0] === 'Z'.charCodeAt(0)) {
        this.status = String.fromCharCode(message[5] ?? 0)
        if (this.status === idle && this.answering !== undefined) await this.hold(this.answering)
      }
      ready.push(message)
    }
    if (!this.client.destroyed) this.client.write(Buffer.concat(ready))
  }

  private async hold(trap: Trap): Promise<void> {
    if (this.isLate) {
      this.end()
      return
    }
    const verdict = await trap.spring()
    this.answering = undefined
    trap.end()
    if (verdict !== 'pass') this.end()
  }
}

function split(data: Buffer, letters: number): readonly [Buffer | undefined, Buffer<ArrayBuffer>] {
  const whole = Buffer.from(data)
  if (data.length < letters + 4) return [undefined, whole]
  const length = letters + data.readInt32BE(letters)
  return data.length < length ? [undefined, whole] : [whole.subarray(0, length), whole.subarray(length)]
}

function isCommit(text: string): boolean {
  return /\bCOMMIT\b/.test(text)
}

function refusal(
  { sqlState, constraint }: { readonly sqlState: string; readonly constraint?: string },
  status: string,
): Buffer {
  const fields = { S: 'ERROR', V: 'ERROR', C: sqlState, M: 'refused by a test', ...(constraint && { n: constraint }) }
  const text = Object.entries(fields)
    .map(([letter, value]) => `${letter}${value}\0`)
    .join('')
  return Buffer.concat([message('E', Buffer.from(`${text}\0`)), message('Z', Buffer.from(status))])
}

function message(letter: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(letter)
  head.writeInt32BE(content.length + 4, 1)
  return Buffer.concat([head, content])
}
