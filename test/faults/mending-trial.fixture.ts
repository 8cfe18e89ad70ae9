import { setTimeout as pause } from 'node:timers/promises'
import { disagreements } from './agreement.fixture.ts'
import type { Drift, Planted } from './drifts.fixture.ts'
import type { Fault } from './fault.fixture.ts'
import { type Footprint, footprintOf } from './footprint.fixture.ts'
import type { Lab } from './lab.fixture.ts'
import {
  endedReconciliation,
  type Reconciled,
  reconciled,
  startReconciliation,
  unmended,
} from './reconciled.fixture.ts'
import type { Point } from './scenarios.fixture.ts'
import type { Trap } from './trap.fixture.ts'
import { differing, type Figures, isPass, isSame, nextWord } from './trial.fixture.ts'

/** One fault at one point of mending one thing. */
export interface MendingTrial {
  readonly drift: Drift
  readonly point: string
  readonly system: Point['system']
  readonly fault: Fault
}

interface Running extends MendingTrial, Planted {
  readonly title: string
  readonly word: string
  readonly before: Footprint
  readonly trap: Trap
}

interface Told {
  readonly outcome: string | undefined
  /** What was there when it was told. */
  readonly footprint: Footprint
}

const patience = 20_000
const outageMs = 1000
/** So many users a reconciliation mends at once, and one domain. */
const mostHeld = { user: 4, domain: 1 }
const most = 15
const conflict = 'a refusal for good'

/** Every fault at every point of mending whatever may have happened. */
export async function mendingTrials(
  lab: Lab,
  drifts: readonly Drift[],
  faults: readonly Fault[],
): Promise<MendingTrial[]> {
  const trials: MendingTrial[] = []
  for (const drift of drifts) {
    const { points } = await drift.plant(lab, nextWord())
    for (const { name: point, system } of points) {
      const fitting = faults.filter(({ systems }) => systems?.includes(system) !== false)
      trials.push(...fitting.map((fault) => ({ drift, point, system, fault })))
    }
  }
  for (const isRemoved of [true, false]) await reconciled(lab, { adopt: true, delete: isRemoved })
  return trials
}

/** As many as one reconciliation can mend, each in its own way. */
export function mendingBatches(trials: readonly MendingTrial[]): MendingTrial[][] {
  const alike = Map.groupBy(trials, ({ drift, system, fault }) => {
    const isHeld = fault.happening !== undefined
    // what met another's name is tried again as long as others are mended, and then nobody sees it taken back
    const isConflict = system === 'Keycloak' && fault.name === conflict
    return JSON.stringify([fault.happening, isRemoved({ drift }), isHeld && drift.about, isConflict])
  })
  return [...alike.values()].flatMap((all) => {
    const size = all[0]?.fault.happening === undefined ? most : mostHeld[all[0].drift.about]
    return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
      all.slice(index * size, (index + 1) * size),
    )
  })
}

/** What is wrong afterwards is told. Mends all in the end. */
export async function tryMending(lab: Lab, batch: readonly MendingTrial[], figures: Figures): Promise<void> {
  const wish = { adopt: true, delete: batch.some(isRemoved) }
  const running = await Promise.all(batch.map((trial) => begun(lab, trial)))
  const id = await startReconciliation(lab, wish)
  const ending = endedReconciliation(lab, id)
  await Promise.race([Promise.all(running.map(({ trap }) => trap.sprung)), ending, pause(patience)])
  await happen(lab, running)
  const ended = await ending
  const told = new Map<Running, Told>()
  for (const each of running)
    told.set(each, { outcome: outcomeOf(ended, each), footprint: await footprintOf(lab, each.word) })
  await Promise.race([Promise.all(running.map(({ trap }) => trap.over)), pause(patience)])
  await lab.settled(patience)
  figures.tried += running.length
  if (ended.state !== 'done') figures.problems.push(`the reconciliation is ${ended.state}`)
  const left = await disagreements(lab)
  for (const each of running) figures.problems.push(...(await problemsOf(lab, each, told.get(each), left)))
  lab.traps.clear()
  figures.problems.push(...(await problemsAgain(lab, running, await reconciled(lab, wish))))
}

async function begun(lab: Lab, trial: MendingTrial): Promise<Running> {
  const word = nextWord()
  const planted = await trial.drift.plant(lab, word)
  const point = planted.points.find(({ name, system }) => name === trial.point && system === trial.system)
  if (point === undefined) throw new Error(`no point ${trial.point}`)
  const before = await footprintOf(lab, word)
  const trap = lab.traps.set(trial.fault.trap(point))
  const title = `${trial.drift.name}, ${trial.system}: ${trial.point}, ${trial.fault.name}`
  return { ...trial, ...planted, title, word, before, trap }
}

async function happen(lab: Lab, running: readonly Running[]): Promise<void> {
  const [happening] = running.map(({ fault }) => fault.happening)
  const [victim] = lab.replicas
  if (happening === 'kill' && victim !== undefined) {
    await lab.add()
    await lab.kill(victim)
  }
  if (happening === 'postgres goes') lab.statements.goAway()
  for (const { trap, system } of running) trap.release(isPass(happening, system) ? 'pass' : 'drop')
  if (happening === 'postgres goes') await pause(outageMs).then(() => lab.statements.comeBack())
}

/** What was told must be true, then and later. */
async function problemsOf(
  lab: Lab,
  each: Running,
  told: Told | undefined,
  left: readonly string[],
): Promise<readonly string[]> {
  const { before, isDone, subject, title, trap, word } = each
  const now = await footprintOf(lab, word)
  const outcome = told?.outcome ?? 'nothing'
  const problems: string[] = []
  if (!trap.hasSprung) problems.push('the fault never happened')
  if (!isDone(now, before) && !isSame(now, before)) problems.push(`neither all nor none: ${differing(before, now)}`)
  if (outcome === 'mended') {
    if (!isDone(now, before)) problems.push("it isn't mended")
    problems.push(...left.filter((problem) => idsOf(now).some((id) => problem.includes(id))))
  }
  if (outcome === 'refused' || outcome === 'left') {
    if (told !== undefined && !isSame(told.footprint, before))
      problems.push(`something was there: ${differing(before, told.footprint)}`)
    if (!isSame(now, before)) problems.push(`it is there: ${differing(before, now)}`)
  }
  return problems.map((problem) => `${title} (told of ${subject}: ${outcome}): ${problem}`)
}

/** Nothing is left that another reconciliation doesn't mend. */
async function problemsAgain(lab: Lab, running: readonly Running[], again: Reconciled): Promise<readonly string[]> {
  const problems = [...unmended(again), ...(await disagreements(lab))]
  for (const { word, before, isDone, title } of running) {
    if (!isDone(await footprintOf(lab, word), before)) problems.push(`${title}: another reconciliation didn't mend it`)
  }
  return problems
}

function outcomeOf({ differences }: Reconciled, { drift, subject }: Running): string | undefined {
  return differences.find(({ about, id }) => about === drift.about && id === subject)?.outcome
}

function idsOf({ users, accounts, domains, wacDomains }: Footprint): readonly string[] {
  return [...users, ...accounts, ...domains, ...wacDomains].map(({ id }) => String(id))
}

function isRemoved({ drift }: Pick<MendingTrial, 'drift'>): boolean {
  return drift.isRemoved === true
}
