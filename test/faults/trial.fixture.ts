import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../e2e/until.fixture.ts'
import { disagreements } from './agreement.fixture.ts'
import type { Fault } from './fault.fixture.ts'
import { type Footprint, footprintOf } from './footprint.fixture.ts'
import type { Heard, Lab } from './lab.fixture.ts'
import { timingFor, veryLateSeconds } from './length.fixture.ts'
import type { Act, Point, Scenario } from './scenarios.fixture.ts'
import type { Trap } from './trap.fixture.ts'

/** One fault at one point of one change. */
export interface Trial {
  readonly scenario: Scenario
  readonly point: string
  readonly system: Point['system']
  readonly fault: Fault
}

export interface Figures {
  tried: number
  /** From the kill until every system has all of each change, or none. */
  recoverySeconds: number
  readonly problems: string[]
}

interface Running extends Trial {
  readonly word: string
  readonly title: string
  readonly act: Act
  readonly before: Footprint
  readonly trap: Trap
  heard: Heard
  early: string | undefined
}

const patience = 10_000
/** As long as late effects are waited for, at the longest. */
const settling = (timingFor(veryLateSeconds).recovery?.lateSeconds ?? 0) * 1000 + patience
const outageMs = 1000
/** It takes a statement for each change. */
const betweenLooking = 100
let words = 0

/** Every fault at every point of every change, but for those that make no sense. */
export async function trialsOf(lab: Lab, scenarios: readonly Scenario[], faults: readonly Fault[]): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const scenario of scenarios) {
    const { points } = await scenario.arrange(lab, nextWord())
    for (const { name, system } of points) {
      for (const fault of faults) {
        if (fault.systems?.includes(system) !== false) trials.push({ scenario, point: name, system, fault })
      }
    }
  }
  return trials
}

/** What is held keeps a connection of a pool. */
const mostHeld = 7
const most = 12

/** Several at once, as far as each can have its own way. */
export function batches(trials: readonly Trial[]): Trial[][] {
  const batches: Trial[][] = []
  for (const trial of trials) {
    const fits = batches.find(
      (batch) =>
        batch.filter(({ system }) => system === trial.system).length <
          (trial.fault.happening === undefined ? most : mostHeld) &&
        !(isOfDomain(trial) && batch.some(isOfTree)) &&
        !(isOfTree(trial) && batch.some(isOfDomain)) &&
        batch.every(({ fault }) => fault.happening === trial.fault.happening),
    )
    if (fits === undefined) batches.push([trial])
    else fits.push(trial)
  }
  return batches
}

/** What is wrong afterwards is told, and how long recovery took. */
export async function tryAll(lab: Lab, batch: readonly Trial[], figures: Figures): Promise<void> {
  const running = await Promise.all(batch.map((trial) => begun(lab, trial)))
  const [happening] = batch.map(({ fault }) => fault.happening)
  const victim = lab.replicas[0]
  const answers = running.map(async (each) => {
    each.heard = await lab.call(victim, each.act.call)
    each.early = isNoneSaid(each.heard) ? await traceOf(lab, each) : undefined
  })
  await Promise.race([
    Promise.all(running.map(({ trap }) => trap.sprung)),
    pause(patience).then(() => undefined),
    Promise.all(answers),
  ])
  const since = performance.now()
  if (happening === 'kill' && victim !== undefined) await lab.kill(victim)
  if (happening === 'postgres goes') lab.statements.goAway()
  for (const { trap, system } of running) trap.release(isPass(happening, system) ? 'pass' : 'drop')
  if (happening === 'postgres goes') await pause(outageMs).then(() => lab.statements.comeBack())
  await Promise.all(answers)
  const more = happening === 'kill' ? lab.add() : undefined
  await Promise.race([Promise.all(running.map(({ trap }) => trap.over)), pause(patience)])
  await agreed(lab, running)
  if (happening === 'kill') {
    figures.recoverySeconds = Math.max(figures.recoverySeconds, (performance.now() - since) / 1000)
  }
  await lab.settled(settling)
  await more
  figures.tried += running.length
  figures.problems.push(...(await disagreements(lab)))
  for (const each of running) figures.problems.push(...(await problemsOf(lab, each)))
}

async function begun(lab: Lab, trial: Trial): Promise<Running> {
  const word = nextWord()
  const act = await trial.scenario.arrange(lab, word)
  const point = act.points.find(({ name, system }) => name === trial.point && system === trial.system)
  if (point === undefined) throw new Error(`no point ${trial.point}`)
  const before = await footprintOf(lab, word)
  const trap = lab.traps.set(trial.fault.trap({ ...point, bait: lab.baitOf(point.bait) }))
  const title = `${trial.scenario.name}, ${trial.system}: ${trial.point}, ${trial.fault.name}`
  const heard = { status: undefined, body: undefined, replayed: null }
  return { ...trial, word, title, act, before, trap, heard, early: undefined }
}

/** What wac-core is asked for it may still do; Postgres is gone. */
export function isPass(happening: Fault['happening'], system: Point['system']): boolean {
  return happening === 'postgres goes' && system === 'wac-core'
}

/** A caller who hears this finds nothing of what it wanted, from then on. */
function isNoneSaid({ status = 0 }: Heard): boolean {
  return (status >= 400 && status < 500) || status === 502 || status === 503
}

async function traceOf(lab: Lab, each: Running): Promise<string | undefined> {
  const now = await footprintOf(lab, each.word)
  return isSame(now, each.before)
    ? undefined
    : `when the caller heard of it, something was there: ${differing(each.before, now)}`
}

async function agreed(lab: Lab, running: readonly Running[]): Promise<void> {
  await until(
    'all or none is everywhere',
    async () => {
      const found = await Promise.all(running.map((each) => footprintOf(lab, each.word)))
      return running.every((each, index) => {
        const now = found[index]
        return now !== undefined && (isSame(now, each.before) || each.act.isDone(now, each.before))
      })
    },
    patience,
    betweenLooking,
  ).catch(() => undefined)
}

async function problemsOf(lab: Lab, each: Running): Promise<readonly string[]> {
  const { act, before, heard, early, title, trap } = each
  const now = await footprintOf(lab, each.word)
  const [isDone, isNone] = [act.isDone(now, before), isSame(now, before)]
  const problems: string[] = []
  if (!trap.hasSprung) problems.push('the fault never happened')
  if (early !== undefined) problems.push(early)
  if (!isDone && !isNone) problems.push(`neither all nor none: ${differing(before, now)}`)
  const { status = 0 } = heard
  if (status >= 200 && status < 300 && !isDone) problems.push(`the caller heard ${status}, and it isn't there`)
  if (isNoneSaid(heard) && !isNone) problems.push(`the caller heard ${status}, and it is there`)
  if (status >= 500 && ![502, 503, 504].includes(status)) problems.push(`the caller heard ${status}`)
  if (problems.length === 0) problems.push(...(await problemsAgain(lab, each)))
  return problems.map((problem) => `${title} (${heard.status ?? 'no answer'}): ${problem}`)
}

/** Whoever asks again gets what it wanted, once; and its names are free when it's gone. */
async function problemsAgain(
  lab: Lab,
  { act, before, word, heard: { status = 0 } }: Running,
): Promise<readonly string[]> {
  const { key: _, ...withoutKey } = act.call
  const isRefused = status >= 400 && status < 500
  // a refusal for good is what the same key hears again
  const again = await lab.call(undefined, isRefused ? withoutKey : act.call)
  const isFine =
    again.status !== undefined && (again.status < 300 || (act.call.method === 'DELETE' && again.status === 404))
  if (!isFine) return [`asking again was answered ${again.status ?? 'nothing'}: ${JSON.stringify(again.body)}`]
  if (!act.isDone(await footprintOf(lab, word), before)) return ["asking again, it isn't there"]
  if (act.call.method !== 'POST') return []
  const [[, made]] = Object.entries(again.body as Readonly<Record<string, { readonly id: string }>>) as [
    [string, { readonly id: string }],
  ]
  const gone = await lab.call(undefined, { method: 'DELETE', path: `${act.call.path}/${made.id}` })
  const anew = await lab.call(undefined, withoutKey)
  const statuses = [gone.status, anew.status].join(' ')
  return statuses === '204 201' ? [] : [`deleting it and making it anew was answered ${statuses}`]
}

export function isSame(one: Footprint, other: Footprint): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

export function differing(before: Footprint, now: Footprint): string {
  const names = ['users', 'accounts', 'wacUsers', 'sipMappings', 'domains', 'wacDomains'] as const
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]))
    .map((name) => `${name} ${JSON.stringify(before[name])} -> ${JSON.stringify(now[name])}`)
    .join('; ')
}

function isOfTree({ scenario }: Trial): boolean {
  return scenario.takesTree === true
}

function isOfDomain({ scenario }: Trial): boolean {
  return scenario.name.startsWith('domain.') && scenario.name !== 'domain.create'
}

/** In base64 it can't be: hashes of passwords are looked through, too. */
export function nextWord(): string {
  return `w-${++words}-z`
}
