import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DomainError, isOutcomeUnknown } from '#kernel'
import { parseDomainName } from '#core/domains'
import type { KnownCommunicationsUser } from '#core/users'
import { WacCoreCommunicationsUsers } from './wac-core-communications-users.ts'
import { WacCore } from './wac-core.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => unknown

const token = 'secret-token'
const unavailable = { code: 'service.unavailable', details: { retryAfter: expect.any(Number) as number } }
const refused = { code: 'system.refused' }
const timeoutMs = 500

let answer: Answer = () => undefined
let asked: IncomingMessage[] = []
let wacCore: WacCore
let hasty: WacCore
let users: WacCoreCommunicationsUsers
let hastyUsers: WacCoreCommunicationsUsers

const server = createServer((request, response) => {
  asked.push(request)
  answer(response, request)
})
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/sapi`
  wacCore = new WacCore({ url, token })
  hasty = new WacCore({ url, token, timeoutMs })
  users = new WacCoreCommunicationsUsers(wacCore)
  hastyUsers = new WacCoreCommunicationsUsers(hasty)
})
afterEach(() => {
  asked = []
})
afterAll(async () => {
  wacCore.close()
  hasty.close()
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
})

function idOf(number: number): string {
  return number.toString(16).padStart(24, '0')
}

function document(number: number, fields: object = {}): object {
  return { id: idOf(number), domain: 'quobis', username: `user-${number}`, externalId: `id-${number}`, ...fields }
}

/** The text of a list of so many users, in bits of a hundred. */
function* listOf(count: number, fields: object = {}): Generator<string> {
  for (let begin = 0; begin < count; begin += 100) {
    const some = Array.from({ length: Math.min(100, count - begin) }, (_, index) => document(begin + index, fields))
    yield (begin === 0 ? '[' : ',') + some.map((each) => JSON.stringify(each)).join()
  }
  yield count === 0 ? '[]' : ']'
}

function sending(text: string, status = 200, type = 'application/json'): Answer {
  return (response) => response.writeHead(status, { 'content-type': type }).end(text)
}

/** Sends what it's given as fast as it's taken. */
function streaming(bits: () => Iterable<string> | AsyncIterable<string>): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    void pipeline(Readable.from(bits(), { objectMode: false }), response).catch(() => undefined)
  }
}

async function scanned(scan = users.scan()): Promise<KnownCommunicationsUser[]> {
  const found: KnownCommunicationsUser[] = []
  for await (const some of scan) found.push(...some)
  return found
}

/** How it failed, telling neither the token nor anything of the users. */
async function failureOf(scan: Promise<unknown>): Promise<DomainError> {
  const failure: unknown = await scan.then(
    () => {
      throw new Error('it ended as if that were all')
    },
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(DomainError)
  expect(inspect(failure, { depth: 20, showHidden: true })).not.toMatch(/secret-token|user-\d/)
  expect(isOutcomeUnknown(failure)).toBe(false)
  return failure as DomainError
}

describe('A scan of the users of wac-core', () => {
  it.each([0, 1, 499, 500, 501, 2345])('shows all of %i', async (count) => {
    answer = streaming(() => listOf(count))
    expect((await scanned()).map(({ id }) => id)).toEqual(Array.from({ length: count }, (_, index) => idOf(index)))
  })

  it('reads letters that come in halves', async () => {
    const bytes = Buffer.from(JSON.stringify([document(1, { displayName: 'ñ 👩‍👩‍👧 "\\\n' })]))
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      Readable.from([...bytes].map((byte) => Buffer.from([byte]))).pipe(response)
    }
    expect((await scanned())[0]?.user.displayName).toBe('ñ 👩‍👩‍👧 "\\\n')
  })

  it('asks for the domain, and shows no others where wac-core does', async () => {
    answer = sending(JSON.stringify([document(1), document(2, { domain: 'other' })]))
    expect((await scanned(users.scan(parseDomainName('quobis')))).map(({ id }) => id)).toEqual([idOf(1)])
    expect(asked.map(({ url }) => url)).toEqual(['/sapi/users?domain=quobis'])
  })

  it('shows what is usable of a user that somebody spoiled', async () => {
    const spoiled = { username: 7, domain: null, displayName: [], email: {}, mobilePhone: '+34', externalId: 8 }
    answer = sending(JSON.stringify([document(1), { id: idOf(2), ...spoiled }, { id: idOf(3) }]))
    const nothing = { displayName: undefined, email: undefined, phoneNumber: undefined, externalId: undefined }
    const nameless = { username: '', domain: '', ...nothing }
    expect(await scanned()).toEqual([
      { id: idOf(1), user: { ...nothing, domain: 'quobis', username: 'user-1', externalId: 'id-1' } },
      { id: idOf(2), user: nameless },
      { id: idOf(3), user: nameless },
    ])
  })

  it.each([{}, { id: 7 }, { id: 'nonsense' }, 'text', null, []])(
    'makes no sense with %j among the users',
    async (odd) => {
      answer = sending(JSON.stringify([document(1), odd, document(2)]))
      expect(await failureOf(scanned())).toMatchObject(refused)
    },
  )

  it.each([
    ['an HTML page', '<!doctype html><title>Log in</title>'],
    ['nothing', ''],
    ['spaces', ' \n '],
    ['no JSON', 'OK'],
    ['a text', '"OK"'],
    ['null', 'null'],
    ['a number', '7'],
    ['a document', JSON.stringify(document(1))],
    ['an empty document', '{}'],
    ['a list in a document', JSON.stringify({ users: [document(1)] })],
    ['a list that breaks off', '['],
    ['a list that breaks off after a user', `[${JSON.stringify(document(1))}`],
    ['a list that breaks off in a user', `[${JSON.stringify(document(1)).slice(0, -3)}`],
    ['an HTML page within the list', `[${JSON.stringify(document(1))},<html>`],
    ['something behind the list', `[${JSON.stringify(document(1))}] and more`],
  ])('makes no sense with %s', async (_, text) => {
    answer = sending(text)
    expect(await failureOf(scanned())).toMatchObject(refused)
    answer = sending(text, 200, 'text/html')
    expect(await failureOf(scanned())).toMatchObject(refused)
  })

  it.each([
    [401, refused],
    [404, refused],
    [302, refused],
    [500, refused],
    [429, unavailable],
    [503, unavailable],
  ])('that is always answered with %d fails', async (status, failure) => {
    answer = sending(JSON.stringify({ error: 'not now' }), status)
    expect(await failureOf(scanned())).toMatchObject(failure)
  })

  it('begins again after a passing fault', async () => {
    answer = (response, request) => {
      if (asked.length === 1) sending('', 503)(response, request)
      else if (asked.length === 2) request.socket.destroy()
      else sending(JSON.stringify([document(1)]))(response, request)
    }
    expect(await scanned()).toHaveLength(1)
  })
})

describe('A scan that is cut', () => {
  it('in the middle fails, and has shown what came before', async () => {
    const seen: string[] = []
    answer = streaming(async function* () {
      yield* [...listOf(1100)].slice(0, 11)
      await expect.poll(() => seen.length).toBeGreaterThan(500)
      asked[0]?.socket.destroy()
      yield ','
    })
    const scan = async (): Promise<void> => {
      for await (const some of users.scan()) seen.push(...some.map(({ id }) => id))
    }
    expect(await failureOf(scan())).toMatchObject(unavailable)
    expect(seen[500]).toBe(idOf(500))
  })

  it('where the answer has no length either', async () => {
    answer = (response, { socket }) => {
      response.detachSocket(socket)
      socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[${JSON.stringify(document(1))}`)
    }
    expect(await failureOf(scanned())).toMatchObject(refused)
  })

  it('before the answer begins', async () => {
    answer = (_, { socket }) => socket.destroy()
    expect(await failureOf(scanned())).toMatchObject(unavailable)
  })
})

describe('A scan', () => {
  it.each([
    ['at the beginning', []],
    ['in the middle', [...listOf(700)].slice(0, 3)],
  ])('that is met with silence %s fails', async (_, bits) => {
    answer = (response) => {
      if (bits.length > 0) response.writeHead(200, { 'content-type': 'application/json' }).write(bits.join(''))
    }
    const begun = performance.now()
    expect(await failureOf(scanned(hastyUsers.scan()))).toMatchObject(unavailable)
    expect(performance.now() - begun).toBeLessThan(timeoutMs * 4)
    await expect.poll(() => asked[0]?.socket.destroyed).toBe(true)
  })

  it('may take as long as it takes, while something comes', async () => {
    answer = streaming(async function* () {
      for (const bit of listOf(4000)) {
        await pause(50)
        yield bit
      }
    })
    const steady = new WacCore({ url: wacCore.address, token, timeoutMs: 1500 })
    const begun = performance.now()
    expect(await scanned(new WacCoreCommunicationsUsers(steady).scan())).toHaveLength(4000)
    expect(performance.now() - begun).toBeGreaterThan(1500 * 1.2)
    steady.close()
  })

  it('waits for whoever works on what it showed', async () => {
    answer = streaming(() => listOf(10_000, { displayName: 'x'.repeat(500) }))
    let count = 0
    for await (const some of hastyUsers.scan()) {
      if (count === 0) await pause(timeoutMs * 2)
      count += some.length
    }
    expect(count).toBe(10_000)
  })

  it('that is left early ends its connection', async () => {
    answer = streaming(() => listOf(100_000))
    for await (const some of users.scan()) {
      expect(some.length).toBeGreaterThan(0)
      break
    }
    await expect.poll(() => asked[0]?.socket.destroyed).toBe(true)
  })

  it('takes no place from the changes of users', async () => {
    answer = (response, request) => {
      if (request.url === '/sapi/users') streaming(() => listOf(100_000))(response, request)
      else sending(JSON.stringify(document(1)))(response, request)
    }
    const scans = Array.from({ length: 20 }, () => users.scan())
    await Promise.all(scans.map((scan) => scan.next()))
    expect(await users.find(idOf(1))).toMatchObject({ username: 'user-1' })
    await Promise.all(scans.map((scan) => scan.return(undefined)))
  })

  it('holds only some of the users, however many there are', async () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    const used = (): number => {
      gc()
      return process.memoryUsage().heapUsed
    }
    answer = streaming(() => listOf(50_000, { displayName: 'x'.repeat(300), capabilities: ['a', 'b'] }))
    let [count, looks, least, most] = [0, 0, Number.POSITIVE_INFINITY, 0]
    for await (const some of users.scan()) {
      count += some.length
      if (++looks % 10 > 0) continue
      const now = used()
      least = Math.min(least, now)
      most = Math.max(most, now)
    }
    expect(count).toBe(50_000)
    expect(looks).toBeGreaterThan(50)
    expect(most - least).toBeLessThan(5_000_000)
  })
})
