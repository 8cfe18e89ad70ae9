import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkout } from '../e2e/service-process.fixture.ts'
import { describeWith } from '../support/real.ts'
import { checkedBy } from './checked-by.fixture.ts'
import { environmentOf, readCopy, readIgnored, readStages, textsOf } from './container-file.fixture.ts'

const { devDependencies, scripts } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>
  scripts: Record<string, string>
}
const stages = await readStages()
const last = stages.at(-1)
if (last === undefined) throw new Error('the Dockerfile has no stage')

/** The command of `npm start`, without what only a checkout has. */
const startCommand = (scripts['start'] ?? '').replace('exec ', '').replace('--env-file-if-exists=.env ', '')

describe('The Dockerfile', () => {
  it('is on the Node that package.json pins, in every stage', () => {
    const node = `node:${devDependencies['node'] ?? ''}-bookworm-slim`
    expect(stages.map(({ image }) => image)).toEqual(stages.map(() => node))
  })

  it('starts kitter as `npm start` does, and as nobody special', () => {
    expect(startCommand).toMatch(/^node --max-semi-space-size=\d+ --heap-growing-percent=\d+ dist/)
    expect((JSON.parse(textsOf(last, 'CMD').join()) as string[]).join(' ')).toBe(startCommand)
    expect(textsOf(last, 'USER')).toEqual(['1000:1000'])
    expect(textsOf(last, 'STOPSIGNAL')).toEqual(['SIGTERM'])
    expect(textsOf(last, 'ENTRYPOINT')).toEqual([])
  })

  it('serves on every address, where it says, with its data in a volume', () => {
    const { HOST, PORT, KITTER_DATA_DIR } = environmentOf(last)
    expect(HOST).toBe('0.0.0.0')
    expect(textsOf(last, 'EXPOSE')).toEqual([PORT])
    expect(textsOf(last, 'VOLUME')).toEqual([KITTER_DATA_DIR])
  })

  it('copies files that are there and that .dockerignore lets through, and installs before it copies sources', async () => {
    const ignored = await readIgnored()
    for (const stage of stages) {
      const copies = textsOf(stage, 'COPY').map(readCopy)
      const sources = copies.filter(({ from }) => from === undefined).flatMap((copy) => copy.sources)
      for (const source of sources) {
        await expect(stat(join(checkout, source))).resolves.toBeDefined()
        expect(ignored(source), source).toBe(false)
      }
      for (const { from } of copies) expect([undefined, ...stages.map(({ name }) => name)]).toContain(from)
    }
    const steps = (stages[0]?.instructions ?? []).map(({ name, text }) => `${name} ${text}`)
    expect(steps.findIndex((step) => step.startsWith('RUN npm ci'))).toBeLessThan(steps.indexOf('COPY apps ./apps'))
  })

  it('lets nothing else in: no settings, no secrets, no history, no tests', async () => {
    const ignored = await readIgnored()
    for (const path of [
      '.env',
      'compose.env',
      '.git/config',
      '.kitter/admin-token',
      'node_modules/pg/x.js',
      'test/x.ts',
    ])
      expect(ignored(path), path).toBe(true)
    expect(ignored('libs/kernel/check.spec.ts')).toBe(true)
    expect(ignored('libs/kernel/check.ts')).toBe(false)
  })
})

describe('The systemd unit', () => {
  it('starts kitter as `npm start` does, signals kitter alone, and waits for its end', async () => {
    const unit = await readFile(join(checkout, 'deploy/systemd/kitter.service'), 'utf8')
    expect(unit).toContain(`\nExecStart=/usr/bin/${startCommand}\n`)
    expect(unit).toContain('\nKillMode=mixed\n')
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(25)
    expect(unit).toContain('\nRestartPreventExitStatus=78\n')
  })
})

describeWith('hadolint', 'Container files, read by hadolint', (hadolint) => {
  it.each(['Dockerfile', 'deploy/kamailio/Dockerfile'])('%s', async (file) => {
    const verdict = await checkedBy(hadolint, ['--no-color', join(checkout, file)])
    expect(verdict).toEqual({ isFine: true, said: '' })
  })

  it('and a bad one is noticed', async () => {
    const { isFine, said } = await checkedBy(hadolint, ['--no-color', '-'], 'FROM node:latest\nRUN cd /x && npm i\n')
    expect(isFine).toBe(false)
    expect(said).toContain('DL3007')
  })
})
