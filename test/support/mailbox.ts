import { SMTPServer } from 'smtp-server'
import { listen } from './listen.ts'

export interface Mail {
  readonly to: readonly string[]
  readonly subject: string
  /** As it was sent, with the headers. */
  readonly source: string
  readonly links: readonly string[]
}

/** An SMTP server that keeps what it is sent. */
export class Mailbox implements AsyncDisposable {
  readonly mails: Mail[] = []
  readonly port: number
  readonly #server: SMTPServer

  private constructor(server: SMTPServer, port: number) {
    this.#server = server
    this.port = port
  }

  static async open(onMail: (mail: Mail) => void = () => undefined): Promise<Mailbox> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          const mail = readMail(
            session.envelope.rcptTo.map(({ address }) => address),
            Buffer.concat(chunks).toString('utf8'),
          )
          mailbox.mails.push(mail)
          onMail(mail)
          done()
        })
      },
    })
    server.on('error', () => undefined)
    const mailbox = new Mailbox(server, await listen(server.server))
    return mailbox
  }

  to(address: string): readonly Mail[] {
    return this.mails.filter(({ to }) => to.includes(address))
  }

  /** For a realm's `smtpServer`. */
  get smtpServer() {
    return { host: '127.0.0.1', port: String(this.port), from: 'kitter@example.com' }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
  }
}

function readMail(to: readonly string[], source: string): Mail {
  const text = source
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const subject = /^Subject: (.*)$/im.exec(text)?.[1]?.trim() ?? ''
  const links = [...new Set(text.match(/https?:\/\/[^\s"<>]+/g) ?? [])]
  return { to, subject, source, links }
}
