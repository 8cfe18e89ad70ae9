import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { disagreements } from './agreement.fixture.ts'
import { type Heard, Lab } from './lab.fixture.ts'
import { leaseSeconds, timing } from './length.fixture.ts'
import { Meddler } from './meddler.fixture.ts'
import { endedReconciliation, reconciled, unmended, type Wish } from './reconciled.fixture.ts'
import { Trap, type Bait, type Moment, type Verdict } from './trap.fixture.ts'

const names = ['ada', 'ben', 'cyd', 'dot', 'eve']
const usual = ['create', 'create', 'create', 'update', 'update', 'move', 'password', 'delete', 'logout'] as const
const kinds = [...usual, 'drift', 'reconcile'] as const
const together = 8

type Change = (typeof usual)[number]

interface Command {
  readonly kind: (typeof kinds)[number]
  readonly name: string
  readonly replica: number
  /** What a drift does, and what a reconciliation may do. */
  readonly choice: number
}

interface OrderedFault {
  readonly bait: Bait
  readonly moment: Moment
  readonly verdict: Verdict
}

export interface Round {
  readonly commands: readonly Command[]
  readonly faults: readonly OrderedFault[]
  readonly happening: 'nothing' | 'kill' | 'postgres goes'
  readonly afterMs: number
}

const wacCore = ['POST /sapi/users', 'PUT /sapi/users/', 'DELETE /sapi/users/', 'POST /sapi/sipMappings']
const postgres = [
  ...['INSERT INTO sandbox.accounts', 'UPDATE sandbox.accounts', 'DELETE FROM sandbox.accounts'],
  ...['INSERT INTO kitter.operations', 'UPDATE kitter.operations SET learned', 'INSERT INTO kitter.users'],
  ...['UPDATE kitter.users', 'DELETE FROM kitter.users'],
]
const anywhere = fc.constantFrom(...wacCore, ...postgres).map((text) => [text])
const faults: fc.Arbitrary<OrderedFault> = fc.oneof(
  fc.record({ bait: anywhere, moment: fc.constantFrom('before', 'after'), verdict: fc.constant('drop') }),
  fc.record({
    bait: anywhere,
    moment: fc.constant('before'),
    verdict: fc.integer({ min: 50, max: 2000 }).map((lateMs) => ({ lateMs })),
  }),
  fc.record({
    bait: fc.constantFrom(...wacCore).map((text) => [text]),
    moment: fc.constant('instead'),
    verdict: fc.constantFrom(422, 429, 503).map((status) => ({ status })),
  }),
  fc.record({
    bait: fc.constantFrom(...postgres).map((text) => [text]),
    moment: fc.constant('instead'),
    verdict: fc.constant({ sqlState: '57P03' }),
  }),
)

export function rounds(commands: number): fc.Arbitrary<readonly Round[]> {
  const length = Math.ceil(commands / together)
  const command = fc.record({
    kind: fc.constantFrom(...kinds),
    name: fc.constantFrom(...names),
    replica: fc.integer({ min: 0, max: 1 }),
    choice: fc.nat({ max: 59 }),
  })
  const round = fc.record<Round>({
    commands: fc.array(command, { minLength: together, maxLength: together }),
    faults: fc.array(faults, { minLength: 0, maxLength: 4 }),
    happening: fc.constantFrom('nothing', 'nothing', 'nothing', 'kill', 'postgres goes'),
    afterMs: fc.integer({ min: 0, max: 200 }),
  })
  return fc.array(round, { minLength: length, maxLength: length })
}

interface Asked {
  readonly mark: string
  readonly kind: Change
  readonly id: string | undefined
  readonly heard: Heard
}

/** Two replicas that are asked for many things at once, while much goes wrong. */
export class RandomRun implements AsyncDisposable {
  private readonly asked: Asked[] = []
  private starting: Promise<unknown> = Promise.resolve()
  private readonly traps: Trap[] = []
  private kills = 0
  private readonly meddler: Meddler
  private readonly reconciliations: Heard[] = []

  private constructor(private readonly lab: Lab) {
    this.meddler = new Meddler(lab)
  }

  static async start(): Promise<RandomRun> {
    const lab = await Lab.open(2, {
      FAULTS_TIMING: JSON.stringify({
        ...timing,
        journalTogether: 32,
        recovery: { firstSeconds: 0.25, lateSeconds: 3 },
        reconciliationLeaseSeconds: leaseSeconds,
        reconciliation: { renewSeconds: 0.5, restSeconds: 0.25 },
      }),
    })
    await lab.createDomain('acme')
    return new RandomRun(lab)
  }

  async play({ commands, faults, happening, afterMs }: Round): Promise<void> {
    await this.starting
    for (const { bait, moment, verdict } of faults) {
      this.traps.push(this.lab.traps.set(new Trap(bait, moment, verdict)))
    }
    const asking = commands.map((command) => this.carryOut(command))
    await pause(afterMs)
    await this.happen(happening)
    await Promise.all(asking)
    this.lab.traps.clear()
  }

  async end(): Promise<{ readonly problems: readonly string[]; readonly figures: object }> {
    await this.starting
    const sprung = this.traps.filter(({ hasSprung }) => hasSprung)
    await Promise.all(sprung.map(({ over }) => over))
    const began = performance.now()
    await this.lab.settled(30_000)
    const seconds = (performance.now() - began) / 1000
    const problems = [...(await this.mend()), ...(await disagreements(this.lab)), ...(await this.lies())]
    const drifts = this.meddler.count
    const figures = { asked: this.asked.length, heard: counted(this.asked.map(({ heard }) => heard)), drifts }
    const reconciliations = { started: counted(this.reconciliations), told: await this.outcomes() }
    return { problems, figures: { ...figures, reconciliations, faults: sprung.length, kills: this.kills, seconds } }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.starting.catch(() => undefined)
    await this.lab[Symbol.asyncDispose]()
  }

  private async happen(happening: Round['happening']): Promise<void> {
    const [victim] = this.lab.replicas
    if (happening === 'kill' && victim !== undefined) {
      this.kills++
      await this.lab.kill(victim)
      this.starting = this.lab.add()
    }
    if (happening === 'postgres goes') {
      this.lab.statements.goAway()
      await pause(300)
      this.lab.statements.comeBack()
    }
  }

  private carryOut({ kind, name, replica, choice }: Command): Promise<unknown> {
    if (kind === 'drift') return this.meddler.meddle(name, choice)
    if (kind === 'reconcile') return this.reconcile(replica, { adopt: choice % 2 === 0, delete: choice % 3 === 0 })
    return this.ask(kind, name, replica)
  }

  private async reconcile(replica: number, wish: Wish): Promise<void> {
    const call = { method: 'POST', path: '/reconciliations', body: { scope: 'all', apply: true, ...wish } }
    this.reconciliations.push(await this.lab.call(this.lab.replicas[replica], call))
  }

  /** What is left that a reconciliation, undisturbed, doesn't mend, and what the disturbed ones came to. */
  private async mend(): Promise<readonly string[]> {
    const running = await this.lab.rows<{ id: string }>(`SELECT id FROM kitter.reconciliations WHERE state = 'running'`)
    for (const { id } of running) await endedReconciliation(this.lab, id)
    await this.lab.settled(30_000)
    const last = await reconciled(this.lab, { adopt: false, delete: true })
    const failed = await this.lab.rows(`SELECT id, last_error FROM kitter.reconciliations WHERE state = 'failed'`)
    return [...unmended(last), ...failed.map((each) => JSON.stringify(each))]
  }

  private async outcomes(): Promise<Readonly<Record<string, number>>> {
    const sql = 'SELECT outcome, count(*)::int FROM kitter.reconciliation_differences GROUP BY outcome'
    const rows = await this.lab.rows<{ outcome: string; count: number }>(sql)
    return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]))
  }

  private async ask(kind: Change, name: string, replica: number): Promise<void> {
    const mark = `mark-${this.asked.length}-${kind}-${crypto.randomUUID().slice(0, 8)}`
    const [found] = await this.lab.rows<{ id: string }>(`SELECT id FROM kitter.users WHERE username = $1`, name)
    const id = kind === 'create' ? undefined : found?.id
    if (kind !== 'create' && id === undefined) return
    const heard = await this.lab.call(this.lab.replicas[replica], callOf(kind, name, mark, id ?? ''))
    this.asked.push({ mark, kind, id: id ?? (heard.body?.user?.id as string | undefined), heard })
  }

  /** What callers heard and what is there, where these differ. */
  private async lies(): Promise<readonly string[]> {
    const users = await this.lab.rows<{ id: string; first: string; last: string | null }>(
      'SELECT id, first_name AS first, last_name AS last FROM kitter.users',
    )
    const marks = new Map(this.asked.map((each) => [each.mark, each]))
    const problems: string[] = this.reconciliations
      .filter(({ status = 0 }) => status >= 500 && ![502, 503, 504].includes(status))
      .map(({ status }) => `a reconciliation was answered ${status}`)
    for (const { id, first, last } of users) {
      for (const mark of [first, last ?? '']) {
        const told = marks.get(mark)
        if (told !== undefined && isRefusal(told.heard)) {
          problems.push(`${mark} was answered ${told.heard.status}, and is there: ${id}`)
        }
      }
    }
    const there = new Set(users.map(({ id }) => id))
    for (const { kind, id, heard, mark } of this.asked) {
      const { status = 0 } = heard
      if (status >= 500 && ![502, 503, 504].includes(status)) problems.push(`${mark} was answered ${status}`)
      if (id === undefined || status < 200 || status > 299) continue
      if (kind === 'delete' && there.has(id)) problems.push(`${mark} was answered ${status}, and ${id} is there`)
      const isDeleted = this.asked.some((each) => each.kind === 'delete' && each.id === id && !isRefusal(each.heard))
      // then a reconciliation may have removed what was left
      const mayBeGone = isDeleted || this.meddler.hasRemoved(id)
      if (kind === 'create' && !there.has(id) && !mayBeGone)
        problems.push(`${mark} was answered 201, and ${id} is gone`)
    }
    return problems
  }
}

function isRefusal({ status = 0 }: Heard): boolean {
  return (status >= 400 && status < 500) || status === 502 || status === 503
}

function counted(heard: readonly Heard[]): Readonly<Record<string, number>> {
  const statuses = Object.groupBy(heard, ({ status }) => String(status))
  return Object.fromEntries(Object.entries(statuses).map(([status, all = []]) => [status, all.length]))
}

function callOf(kind: Change, name: string, mark: string, id: string) {
  const path = `/users/${id}`
  switch (kind) {
    case 'create': {
      const sip = { sip_mapping: { username: name, password: 'secret' } }
      const attributes = { domain: 'acme' }
      const user = { username: name, email: `${name}@example.com`, first_name: mark, attributes, ...sip }
      return { method: 'POST', path: '/users', body: { user } }
    }
    case 'update':
      return { method: 'PATCH', path, body: { last_name: mark, attributes: { phone_number: mark } } }
    case 'move':
      return {
        method: 'PATCH',
        path,
        body: { last_name: mark, attributes: { domain: mark.length % 2 === 0 ? 'acme' : 'quobis' } },
      }
    case 'password':
      return { method: 'PATCH', path, body: { last_name: mark, credentials: { password: 'a new password' } } }
    case 'delete':
      return { method: 'DELETE', path }
    case 'logout':
      return { method: 'POST', path: `${path}/logout` }
  }
}
