import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configurationFrom, variables } from '../../apps/kitter/configuration.ts'
import { checkout } from '../e2e/service-process.fixture.ts'
import { describeWith } from '../support/real.ts'
import { TestKitter } from '../support/test-kitter.ts'
import { checkedBy } from './checked-by.fixture.ts'
import { environmentOf, readStages, textsOf } from './container-file.fixture.ts'
import { readYaml, type Yaml, yamlFilesIn } from './yaml-files.fixture.ts'

const folder = 'deploy/kubernetes'
const files = (await yamlFilesIn(folder)).filter((path) => !path.endsWith('kustomization.yaml'))
const [kustomization] = await readYaml(`${folder}/kustomization.yaml`)
const resources = (await Promise.all(files.map(readYaml))).flat()
const guide = await readFile(join(checkout, 'docs/operating.md'), 'utf8')
const { version } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as { version: string }
const image = (await readStages()).at(-1)
if (image === undefined) throw new Error('the Dockerfile has no stage')

function theOne(kind: string): Yaml {
  const found = resources.filter((resource) => resource.kind === kind)
  expect(found, kind).toHaveLength(1)
  return found[0]
}

const deployment = theOne('Deployment')
const pod = deployment.spec.template.spec
const [container] = pod.containers
const job = theOne('Job').spec.template.spec

async function settings(): Promise<Record<string, string>> {
  const lines = (await readFile(join(checkout, folder, 'kitter.env'), 'utf8')).split('\n')
  return Object.fromEntries(
    lines
      .filter((line) => /^\w/.test(line))
      .map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  )
}

/** The names that the guide's `kubectl create secret` gives to a Secret. */
function keysOfSecret(name: string): readonly string[] {
  const command = new RegExp(`kubectl .*create secret generic ${name} (?:.*\\\\\\n)*.*`).exec(guide)?.[0] ?? ''
  return [...command.matchAll(/--from-literal=(\w+)=/g)].map(([, key]) => key ?? '')
}

function secrets(): Record<string, string> {
  return Object.fromEntries(keysOfSecret('kitter').map((key) => [key, 'postgres://user:word@host/db']))
}

/** The policy that the file shows as an example, without the signs that make it a comment. */
async function exampleOfEgress(): Promise<string> {
  const text = await readFile(join(checkout, folder, 'network-policy.yaml'), 'utf8')
  return text.slice(text.indexOf('#---')).replaceAll(/^#/gm, '')
}

describe('The pods', () => {
  it('have settings that kitter accepts, every system among them, and no secret outside the Secret', async () => {
    const plain = await settings()
    const secret = secrets()
    expect(Object.keys({ ...plain, ...secret }).filter((name) => !variables.includes(name))).toEqual([])
    expect(() => configurationFrom({ ...environmentOf(image), ...plain, ...secret })).not.toThrow()
    expect(Object.keys(plain).filter((name) => /SECRET|TOKEN$|PASSWORD|DATABASE_URL/.test(name))).toEqual([])
    expect(Object.keys(secret)).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'KEYCLOAK_CLIENT_SECRET', 'WAC_CORE_TOKEN']),
    )
    expect(container.envFrom).toEqual([{ configMapRef: { name: 'kitter' } }, { secretRef: { name: 'kitter' } }])
    expect(kustomization.configMapGenerator).toEqual([{ name: 'kitter', envs: ['kitter.env'] }])
    expect(resources.filter(({ kind }) => kind === 'Secret')).toEqual([])
  })

  it('believe no X-Forwarded-* until somebody says whose', async () => {
    const { TRUST_PROXY } = configurationFrom({ ...environmentOf(image), ...(await settings()), ...secrets() })
    expect(TRUST_PROXY).toBe(false)
  })

  it('are probed at paths that answer without a token, on the port where kitter serves', async () => {
    const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe]
    const metrics = deployment.spec.template.metadata.annotations
    await using kitter = await TestKitter.start()
    for (const path of [...probes.map(({ httpGet }) => httpGet.path), metrics['prometheus.io/path']])
      expect((await fetch(`${kitter.url}${path}`)).status, path).toBe(200)
    expect(container.readinessProbe.httpGet.path).toBe('/health/readiness')
    expect(container.livenessProbe.httpGet.path).toBe('/health/liveness')

    const [{ name, containerPort }] = container.ports
    expect(String(containerPort)).toBe(textsOf(image, 'EXPOSE').join())
    expect(metrics['prometheus.io/port']).toBe(String(containerPort))
    expect(probes.map(({ httpGet }) => httpGet.port)).toEqual([name, name, name])
    expect(theOne('Service').spec.ports[0].targetPort).toBe(name)
    expect(theOne('NetworkPolicy').spec.ingress[0].ports).toEqual([{ protocol: 'TCP', port: name }])
  })

  it('could go, by the example of a policy, to DNS and to every port that the settings name', async () => {
    const { spec } = parse(await exampleOfEgress())
    const ports = spec.egress.flatMap((rule: Yaml) => rule.ports.map(({ port }: Yaml) => port))
    const urls = Object.values(await settings()).filter((value) => value.includes('://'))
    const defaults: Record<string, string> = { 'https:': '443', 'http:': '80' }
    const named = urls.map((url) => new URL(url)).map(({ port, protocol }) => Number(port || defaults[protocol]))
    expect(new Set(ports)).toEqual(new Set([53, 5432, ...named]))
    expect(spec.policyTypes).toEqual(['Egress'])
    expect(deployment.spec.template.metadata.labels).toMatchObject(spec.podSelector.matchLabels)
  })

  it('are two or more, spread, and one stays while nodes are emptied and versions change', () => {
    const { labels } = deployment.spec.template.metadata
    expect(deployment.spec.replicas).toBeGreaterThanOrEqual(2)
    expect(deployment.spec.strategy.rollingUpdate.maxUnavailable).toBe(0)
    expect(theOne('PodDisruptionBudget').spec.minAvailable).toBe(1)
    const selectors = [
      deployment.spec.selector.matchLabels,
      theOne('Service').spec.selector,
      theOne('PodDisruptionBudget').spec.selector.matchLabels,
      theOne('NetworkPolicy').spec.podSelector.matchLabels,
      ...pod.topologySpreadConstraints.map(({ labelSelector }: Yaml) => labelSelector.matchLabels),
    ]
    for (const selector of selectors) expect(labels).toMatchObject(selector)
    expect(theOne('Job').spec.template.metadata.labels).not.toMatchObject(selectors[0])
  })

  it('get the time that kitter takes to stop', () => {
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(25 + Number(container.lifecycle.preStop.sleep.seconds))
  })

  it.each([
    ['kitter', pod],
    ['bootstrap', job],
  ])(
    'of %s run without rights on a file system that is read only',
    (_, { securityContext, containers, ...spec }: Yaml) => {
      const [uid, gid] = textsOf(image, 'USER').join().split(':').map(Number)
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: uid,
        runAsGroup: gid,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      expect(containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(containers[0].resources.limits.memory).toMatch(/^\d+Mi$/)
      expect(spec.automountServiceAccountToken).toBe(false)
    },
  )

  it('may write to the data folder only', () => {
    expect(container.volumeMounts).toEqual([{ name: 'data', mountPath: environmentOf(image)['KITTER_DATA_DIR'] }])
  })
})

describe('The kustomization', () => {
  it('names every file, but the job that runs on demand', () => {
    const named = [...kustomization.resources, 'bootstrap-job.yaml'].map((name) => `${folder}/${name}`)
    expect(new Set(named)).toEqual(new Set(files))
  })

  it('pins the image to this version, for the job, too', () => {
    const [{ name, newName, newTag }] = kustomization.images
    expect(name).toBe(container.image)
    expect(newTag).toBe(version)
    expect(job.containers[0].image).toBe(`${newName}:${newTag}`)
  })
})

it("The bootstrap job's secrets are those that the guide makes", () => {
  for (const { name, valueFrom } of job.containers[0].env) {
    expect(valueFrom.secretKeyRef.key).toBe(name)
    expect(keysOfSecret(valueFrom.secretKeyRef.name)).toContain(name)
  }
})

describeWith('kubernetes-validate', 'Manifests, read by the schemas of Kubernetes', (validate) => {
  const read = (path: string) => checkedBy(validate, ['--strict', '--quiet', path])

  it.each(files)('%s', async (path) => {
    expect(await read(join(checkout, path))).toEqual({ isFine: true, said: '' })
  })

  const readText = (text: string) =>
    checkedBy('bash', ['-c', `f=$(mktemp) && cat > "$f" && "${validate}" --strict --quiet "$f"`], text)

  it('the example of a policy', async () => {
    expect(await readText(await exampleOfEgress())).toEqual({ isFine: true, said: '' })
  })

  it('and a bad one is noticed', async () => {
    const bad = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { portz: [] } }
    const { isFine, said } = await readText(JSON.stringify(bad))
    expect(isFine).toBe(false)
    expect(said).toContain('portz')
  })
})
