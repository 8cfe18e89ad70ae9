import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { remoteKeys } from './remote-keys.ts'
import { TokenVerifier } from './token-verifier.ts'

const issuer = 'https://keycloak.example.com/realms/kitter'

async function realm() {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const key = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const payload: JWTPayload = { realm_access: { roles: ['kitter-admin'] } }
  const token = (kid = 'one'): Promise<string> =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuer(issuer)
      .setAudience('kitter')
      .setSubject('anna')
      .setExpirationTime('5m')
      .sign(privateKey)
  return { keys: { keys: [key] }, token }
}

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/certs`
  return { url, close: () => server.close().closeAllConnections() }
}

const unavailable = { kind: 'unavailable', code: 'service.unavailable', details: { retryAfter: 5 } }

describe("The realm's keys", () => {
  it('are fetched once, and let in whose token they signed', async () => {
    const { keys, token } = await realm()
    let asked = 0
    const { url, close } = await serve((_, response) => {
      asked++
      response.end(JSON.stringify(keys))
    })
    const verifier = new TokenVerifier({ keys: remoteKeys(url), issuer, audience: 'kitter' })
    expect(await verifier.verify(await token())).toMatchObject({ subject: 'anna', role: 'kitter-admin' })
    await verifier.verify(await token())
    expect(asked).toBe(1)
    close()
    expect(await verifier.verify(await token())).toMatchObject({ subject: 'anna' })
    await expect(verifier.verify(await token('unknown'))).rejects.toMatchObject({ code: 'access.token_invalid' })
  })

  it.each([
    ['refuses', (_, response) => response.writeHead(500).end()],
    ['answers with a page for people', (_, response) => response.end('<html></html>')],
    ['breaks the connection', (request) => request.socket.destroy()],
  ] as readonly (readonly [string, RequestListener])[])(
    'say nothing about a token while Keycloak %s',
    async (_, listener) => {
      const { token } = await realm()
      const { url, close } = await serve(listener)
      const verifier = new TokenVerifier({ keys: remoteKeys(url), issuer, audience: 'kitter' })
      await expect(verifier.verify(await token())).rejects.toMatchObject(unavailable)
      close()
      await expect(verifier.verify(await token())).rejects.toMatchObject(unavailable)
    },
  )
})
