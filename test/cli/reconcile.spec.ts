import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeKitter, problem } from './fake-kitter.fixture.ts'
import { difference, FakeReconciliations } from './fake-reconciliations.fixture.ts'
import { type Ended, KitterCommand, runKitter } from './kitter-command.fixture.ts'
import { ScratchFolder } from './scratch-folder.fixture.ts'

const hasScript = spawnSync('script', ['--version']).status === 0
const controlCharacters = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/

let kitter: FakeKitter
let folder: ScratchFolder
let service: FakeReconciliations

beforeEach(async () => {
  kitter = await FakeKitter.start()
  folder = await ScratchFolder.create()
  service = new FakeReconciliations()
  kitter.before = service.answer
})

afterEach(async () => {
  await kitter.close()
  await folder.remove()
})

const environment = () => ({ KITTER_URL: kitter.url, KITTER_TOKEN: kitter.token })

function reconcile(...args: readonly string[]): Promise<Ended> {
  return runKitter(['reconcile', ...args], { cwd: folder.path, env: environment() })
}

function started(...args: readonly string[]): KitterCommand {
  return new KitterCommand(['reconcile', ...args], { cwd: folder.path, env: environment() })
}

const posted = (path: string): number => kitter.answered('POST', path)

describe('kitter reconcile', () => {
  it('says that nothing differs', async () => {
    const stdout = `Nothing differs at ${kitter.url}: 12 accounts of Keycloak and 11 users of wac-core compared.\n`
    expect(await reconcile()).toEqual({ code: 0, stdout, stderr: '' })
    expect(service.wishes).toEqual([{ scope: 'all', apply: false, adopt: false, delete: false }])
  })

  it('shows what differs, and what would mend it', async () => {
    const values = { keycloak: 'a@x', 'wac-core': 'b@x', kitter: 'b@x' }
    service.differences = [
      difference('alice'),
      difference('bob', {
        missing_in: [],
        remedy: 'align',
        fields: [
          { field: 'email', values },
          { field: 'first_name', values: { keycloak: 'Bob · kitter', kitter: null } },
          { field: 'enabled', values: { keycloak: false, kitter: true } },
        ],
      }),
      difference('', { domain: undefined, missing_in: ['kitter', 'keycloak'], remedy: 'remove' }),
      difference('globex.example', { about: 'domain', domain: undefined, missing_in: ['kitter'], remedy: 'adopt' }),
    ]
    const ended = await reconcile()
    expect(ended).toMatchObject({ code: 1, stderr: '' })
    expect(ended.stdout.split('\n')).toEqual([
      'WHO                        REMEDY   OUTCOME    WHAT',
      'user alice (acme.example)  restore  found      missing in Keycloak',
      'user bob (acme.example)    align    found      email: Keycloak a@x · wac-core b@x · kitter b@x',
      '                                               first_name: Keycloak "Bob · kitter" · kitter (none)',
      '                                               enabled: Keycloak false · kitter true',
      'user id-of-                remove   found      missing in kitter and Keycloak',
      'domain globex.example      adopt    found      missing in kitter',
      `4 differences found at ${kitter.url}.`,
      'What may mend them: --apply (2), --apply --adopt (1), --apply --delete (1).',
      '',
    ])
  })

  it('shows one domain', async () => {
    await reconcile('--domain', 'acme.example')
    expect(service.wishes).toEqual([{ scope: 'acme.example', apply: false, adopt: false, delete: false }])
  })

  it('mends with --apply --yes, and is content when all is mended', async () => {
    service.differences = [difference('alice', { outcome: 'mended' }), difference('bob', { outcome: 'mended' })]
    const ended = await reconcile('--apply', '--adopt', '--delete', '--yes')
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toContain(`2 differences found at ${kitter.url}: 2 mended.\n`)
    expect(service.wishes).toEqual([{ scope: 'all', apply: true, adopt: true, delete: true }])
  })

  it('tells what was not mended, and why', async () => {
    service.differences = [
      difference('alice', { outcome: 'mended' }),
      difference('bob', { outcome: 'refused', reason: 'wac-core says no.' }),
      difference('eve', { outcome: 'left', remedy: 'adopt', reason: 'It was never asked for.' }),
      difference('dan', { outcome: 'unsettled' }),
    ]
    const { code, stdout } = await reconcile('--apply', '--yes')
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^user bob \(acme.example\) +restore +refused +missing in Keycloak\n +because: wac-core says/m,
    )
    expect(stdout).toContain(': 1 mended, 1 left as they are, 1 refused, 1 still being mended.\n')
    expect(stdout).toContain('What may mend them: --apply --adopt (1).\n')
  })

  it.each(['found', 'left', 'refused', 'unsettled'])('is not content when one is %s', async (outcome) => {
    service.differences = [difference('alice', { outcome: 'mended' }), difference('bob', { outcome })]
    expect(await reconcile('--apply', '--yes')).toMatchObject({ code: 1 })
  })

  it('is not content when some could not be looked at', async () => {
    const counts = { accounts: 12, communications_users: 11, suspects: 1, checked: 1, busy: 1 }
    service.steps = [{ counts }]
    const compared = '12 accounts of Keycloak and 11 users of wac-core compared.'
    const busy = '1 user could not be looked at: other changes kept them busy.'
    const stdout = `No difference was found at ${kitter.url}: ${compared} ${busy}\n`
    expect(await reconcile()).toEqual({ code: 1, stdout, stderr: '' })
  })

  it('shows very many, page by page', async () => {
    service.differences = Array.from({ length: 1200 }, (_, index) => difference(`user${index}`))
    const { stdout } = await reconcile()
    const names = [...stdout.matchAll(/^user (\w+) /gm)].map(([, name]) => name)
    expect(names).toEqual(service.differences.map(({ name }) => name))
    expect(stdout.match(/^WHO/gm)).toHaveLength(1)
    expect(stdout).toContain('1200 differences found')
  })

  it('shows no control characters of other people', async () => {
    const bad = '\u001b]0;title\u0007\u001b[2J\r\n\u009b31m\u202e'
    const fields = [{ field: bad, values: { keycloak: bad, [bad]: { [bad]: bad } } }]
    const others = { about: bad, name: bad, domain: bad, remedy: bad, outcome: 'left', reason: bad, fields }
    service.differences = [difference('', { ...others, missing_in: [bad] })]
    service.steps = [{ state: 'failed', last_error: bad }]
    const { stdout, stderr } = await reconcile()
    expect(stdout.replaceAll('\n', '') + stderr.replaceAll('\n', '')).not.toMatch(controlCharacters)
    expect(stdout).not.toContain('\u202e')
    expect(stdout.trimEnd().split('\n')).toHaveLength(5)
  })
})

describe('a reconciliation that does not come to its end', () => {
  it('by failing tells what it found until then, and why it failed', async () => {
    service.differences = [difference('alice')]
    service.steps = [{ state: 'running' }, { state: 'failed', last_error: 'Keycloak is away.' }]
    const { code, stdout, stderr } = await reconcile()
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'kitter: The reconciliation failed: Keycloak is away.\n' })
    expect(stdout).toContain('user alice (acme.example)  restore  found      missing in Keycloak\n')
    expect(stdout).toContain(`1 difference found until it ended at ${kitter.url}.\n`)
  })

  it('by being cancelled says so', async () => {
    service.steps = [{ state: 'running' }, { state: 'cancelled' }]
    const stdout = `No difference was found until it ended, at ${kitter.url}.\n`
    const stderr = 'kitter: The reconciliation was cancelled by somebody else.\n'
    expect(await reconcile()).toEqual({ code: 1, stdout, stderr })
  })
})

describe('a reconciliation that can not run', () => {
  it('says so: another one runs, and which', async () => {
    service.steps = [{ state: 'running' }]
    service.wishes.push({ scope: 'all', apply: false, adopt: false, delete: false })
    const sentence = 'Another reconciliation is running.'
    kitter.before = (request) =>
      request.method === 'POST' ? problem(409, 'reconciliation.running', sentence) : service.answer(request)
    const which = `It is ${service.id}, started by olga at 2026-10-12T10:00:00.000Z.`
    expect(await reconcile()).toEqual({ code: 2, stdout: '', stderr: `kitter: ${sentence} ${which}\n` })
  })

  it.each([
    [400, 'The request is not valid: scope names an unknown domain.', 'The request is not valid: scope names an'],
    [403, 'The role kitter-viewer may not do this.', 'does not let the token from KITTER_TOKEN do this: The role'],
    [500, 'Something went wrong.', 'Something went wrong.'],
  ])('says so: %i', async (status, error, sentence) => {
    kitter.before = ({ method }) => (method === 'POST' ? problem(status, 'some.code', error) : undefined)
    const ended = await reconcile()
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(/^kitter: [^\n]+\n$/)
    expect(ended.stderr).toContain(sentence)
  })

  it('says so: the answer is something else', async () => {
    kitter.before = ({ method }) => (method === 'POST' ? { status: 202, body: { reconciliation: {} } } : undefined)
    const stderr = 'kitter: The service answered something else than is known of reconciliations.\n'
    expect(await reconcile()).toEqual({ code: 2, stdout: '', stderr })
  })

  it('says so: --apply, and nobody to ask', async () => {
    const stderr =
      'kitter: There is no terminal to ask on whether to mend what differs: say --yes to mend it unasked.\n'
    expect(await reconcile('--apply')).toEqual({ code: 2, stdout: '', stderr })
    expect(kitter.requests).toEqual([])
  })
})

describe('a service that goes away', () => {
  beforeEach(() => {
    service.steps = [...Array.from({ length: 5 }, () => ({ state: 'running', phase: 'accounts' })), {}]
  })

  it('and comes back is waited for', async () => {
    let crashed = false
    kitter.before = (request) => {
      if (crashed || request.method === 'POST' || !request.path.includes(service.id)) return service.answer(request)
      crashed = true
      void kitter.close()
      return 'drop'
    }
    const command = started()
    await command.shows('stderr', /^Waiting: the service .*\.$/m)
    await kitter.listen()
    expect(await command.ended()).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing differs') })
    expect(service.wishes).toHaveLength(1)
  })

  it('for good is given up, and what may go on there is named', async () => {
    kitter.before = (request) => {
      if (request.path.includes(service.id)) void kitter.close()
      return service.answer(request)
    }
    const { code, stdout, stderr } = await reconcile('--patience', '1')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      `kitter: The service refuses connections, and did so for 1 second; the service may still be at work on the reconciliation ${service.id}.`,
    )
    expect(stderr).not.toContain(kitter.token)
  })

  it('after it began is sent the same request with the same key', async () => {
    let dropped = false
    kitter.after = ({ method }) => {
      if (dropped || method !== 'POST') return undefined
      dropped = true
      return 'drop'
    }
    expect(await reconcile()).toMatchObject({ code: 0 })
    const [first, second] = kitter.requests.filter(({ method }) => method === 'POST')
    expect(first?.headers['idempotency-key']).toMatch(/^[\da-f-]{36}$/)
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'])
  })

  it('while the differences are told is waited for', async () => {
    service.differences = Array.from({ length: 700 }, (_, index) => difference(`user${index}`))
    let dropped = false
    kitter.before = (request) => {
      if (dropped || !request.path.endsWith('=1')) return service.answer(request)
      dropped = true
      return 'drop'
    }
    const { code, stdout, stderr } = await reconcile()
    expect(code).toBe(1)
    expect(stderr).toBe('Waiting: the service breaks off connections.\n')
    expect(stdout.match(/^user user/gm)).toHaveLength(700)
  })
})

describe('an interrupted reconciliation', () => {
  beforeEach(() => {
    service.steps = [{ state: 'running', phase: 'accounts' }]
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is cancelled at the service: %s', async (signal, code) => {
    service.differences = [difference('alice', { outcome: 'mended' })]
    const command = started('--apply', '--yes')
    await expect.poll(() => kitter.answered('GET', `/reconciliations/${service.id}`), { timeout: 20_000 }).not.toBe(0)
    command.child.kill(signal)
    const summary = `1 difference found until it ended at ${kitter.url}: 1 mended.`
    const stdout = `The reconciliation was cancelled. ${summary}\n`
    expect(await command.ended()).toMatchObject({ code, stdout })
    expect(service.isCancelled).toBe(true)
  })

  it('leaves at once when told twice', async () => {
    kitter.before = (request) =>
      request.path.endsWith('/cancel') ? new Promise(() => undefined) : service.answer(request)
    const command = started()
    await expect.poll(() => posted('/reconciliations'), { timeout: 20_000 }).toBe(1)
    command.child.kill('SIGINT')
    await command.shows('stderr', /Cancelling the reconciliation\. Ctrl-C again leaves at once\.\n/)
    command.child.kill('SIGINT')
    await command.ended()
    expect(command.child.signalCode).toBe('SIGINT')
  })

  it('may have ended by itself', async () => {
    const path = `/reconciliations/${service.id}`
    kitter.before = (request) => {
      if (request.path.endsWith('/cancel')) service.steps = [{ state: 'done' }]
      return service.answer(request)
    }
    const command = started()
    await expect.poll(() => kitter.answered('GET', path), { timeout: 20_000 }).not.toBe(0)
    command.child.kill('SIGINT')
    const ended = await command.ended()
    expect(ended).toMatchObject({
      code: 130,
      stdout: expect.stringMatching(/^It had ended before that. Nothing differs/),
    })
  })

  it('is cancelled as soon as a service that is away comes back', async () => {
    const away = { ...problem(503, 'service.unavailable', 'Stopping.'), headers: { 'retry-after': '1' } }
    let refusals = 0
    kitter.before = (request) => {
      const isAway = request.path.includes(service.id) && refusals < 2
      if (isAway) refusals += 1
      return isAway ? away : service.answer(request)
    }
    const command = started()
    await command.shows('stderr', /Waiting: the service answers 503/)
    command.child.kill('SIGINT')
    expect(await command.ended()).toMatchObject({ code: 130 })
    expect(service.isCancelled).toBe(true)
  })

  it('that has not been answered yet may be under way', async () => {
    const away = { ...problem(503, 'service.unavailable', 'No.'), headers: { 'retry-after': '50' } }
    kitter.before = ({ method }) => (method === 'POST' ? away : undefined)
    const command = started()
    await command.shows('stderr', /Waiting: the service answers 503/)
    command.child.kill('SIGINT')
    const sentence = 'had not answered yet: it may be at work on the reconciliation, or not.'
    expect(await command.ended()).toMatchObject({ code: 130, stdout: `The service at ${kitter.url} ${sentence}\n` })
  })
})

describe('progress', () => {
  it('is a plain line every few seconds where there is no terminal', async () => {
    service.steps = [{ state: 'running', phase: 'accounts' }]
    const command = started()
    await command.shows('stderr', /^Reading Keycloak: 12 accounts\n/m)
    service.steps = [{}]
    const ended = await command.ended()
    expect(ended.code).toBe(0)
    expect(ended.stdout + ended.stderr).not.toContain('\u001b')
  })

  it('says what holds it up', async () => {
    service.steps = [{ state: 'running', phase: 'accounts', last_error: 'Keycloak is away.' }]
    const command = started()
    await command.shows('stderr', /^It was held up: Keycloak is away\.\n/m)
    service.steps = [{}]
    const { code, stderr } = await command.ended()
    expect(code).toBe(0)
    expect(stderr.match(/held up/g)).toHaveLength(1)
  })
})

describe.skipIf(!hasScript)('on a terminal (skipped without the program "script" of util-linux)', () => {
  const onTerminal = (...args: readonly string[]): KitterCommand =>
    new KitterCommand(['reconcile', ...args], { cwd: folder.path, env: environment(), terminal: true })

  it('counts what has no end yet, and draws a bar where there is one', async () => {
    const counts = { accounts: 12, communications_users: 11, suspects: 4, checked: 1, busy: 0 }
    service.steps = [{ state: 'running', phase: 'accounts', counts }]
    const command = onTerminal()
    await command.shows('stdout', /Reading Keycloak: 12 accounts/)
    service.steps = [{ state: 'running', phase: 'communications_users', counts }]
    await command.shows('stdout', /Reading wac-core: 11 users/)
    service.steps = [{ state: 'running', phase: 'users', counts }]
    await command.shows('stdout', /\[=====-{15}\] 25% {2}Looking again at 1 of 4 users that differ/)
    service.steps = [{}]
    const { code, stdout } = await command.ended()
    expect(code).toBe(0)
    expect(stdout).toMatch(/\x1b\[1G\x1b\[2KNothing differs[^\n\x1b]+\n$/)
  })

  it('Ctrl-C says that it cancels', async () => {
    service.steps = [{ state: 'running', phase: 'accounts' }]
    const { promise: canceled, resolve: cancel } = Promise.withResolvers<undefined>()
    kitter.before = async (request) => {
      if (request.path.endsWith('/cancel')) await canceled
      return service.answer(request)
    }
    const command = onTerminal()
    await command.shows('stdout', /Reading Keycloak/)
    command.write('\u0003')
    await command.shows('stdout', /Cancelling the reconciliation\. Ctrl-C again leaves at once\./)
    cancel(undefined)
    const { code, stdout } = await command.ended()
    expect(code).toBe(130)
    expect(stdout).toContain('The reconciliation was cancelled.')
  })

  describe('--apply', () => {
    const outcomes = ['found', 'found', 'left'] as const

    beforeEach(() => {
      service.differences = outcomes.map((outcome) =>
        difference(`her-${outcome}`, { outcome, remedy: outcome === 'left' ? 'adopt' : 'align' }),
      )
    })

    it.each(['y', 'YES'])('shows what differs, asks, and mends on %s', async (answer) => {
      const command = onTerminal('--apply')
      await command.shows('stdout', /Mend 2 of these 3 differences\? \[y\/N\] /)
      expect(command.stdout).toContain('user her-left')
      expect(command.stdout).toContain('What may mend them: --apply --adopt (1).')
      service.differences = [difference('her', { outcome: 'mended' })]
      command.write(`${answer}\n`)
      const { code, stdout } = await command.ended()
      expect(code).toBe(0)
      expect(stdout).toContain(': 1 mended.')
      expect(service.wishes.map(({ apply }) => apply)).toEqual([false, true])
    })

    it.each([
      ['n', 'n\n'],
      ['another word', 'yesterday\n'],
      ['nothing', '\n'],
      ['Ctrl-D', '\u0004'],
    ])('mends nothing on %s', async (_name, typed) => {
      const command = onTerminal('--apply')
      await command.shows('stdout', /\[y\/N\] /)
      command.write(typed)
      const { code, stdout } = await command.ended()
      expect(code).toBe(1)
      expect(stdout).toMatch(/\nNothing was mended\.\r\n$/)
      expect(service.wishes.map(({ apply }) => apply)).toEqual([false])
    })

    it('leaves on Ctrl-C', async () => {
      const command = onTerminal('--apply')
      await command.shows('stdout', /\[y\/N\] /)
      command.write('\u0003')
      expect((await command.ended()).code).toBe(130)
      expect(service.wishes.map(({ apply }) => apply)).toEqual([false])
    })

    it('looks with the same wishes as it mends with', async () => {
      const command = onTerminal('--apply', '--adopt', '--domain', 'acme.example')
      await command.shows('stdout', /Mend these 3 differences\? \[y\/N\] /)
      command.write('y\n')
      await command.ended()
      const wish = { scope: 'acme.example', adopt: true, delete: false }
      expect(service.wishes).toEqual([
        { ...wish, apply: false },
        { ...wish, apply: true },
      ])
    })

    it.each([
      ['nothing differs', [], {}, 0],
      ['nothing can be mended so', [difference('eve', { remedy: 'remove' })], {}, 1],
      ['it failed', [difference('eve')], { state: 'failed' }, 1],
    ])('asks nothing when %s', async (_name, differences, step, code) => {
      service.differences = differences
      service.steps = [step]
      const command = onTerminal('--apply')
      expect((await command.ended()).code).toBe(code)
      expect(command.stdout).not.toContain('[y/N]')
    })
  })
})
