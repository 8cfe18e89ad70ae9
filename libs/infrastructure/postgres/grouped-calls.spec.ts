import { expect, it, onTestFinished, vi } from 'vitest'
import { databaseUnavailable } from '#kernel'
import { GroupedCalls } from './grouped-calls.ts'
import { StatementError } from './statement-error.ts'

/** Writes numbers when it's told to, and refuses groups with odd ones. */
class Paper {
  readonly groups: (readonly number[])[] = []
  private readonly pens: (() => void)[] = []
  failure: Error | undefined

  readonly calls = new GroupedCalls<number, string>(async (numbers) => {
    this.groups.push(numbers)
    await new Promise<void>((resolve) => this.pens.push(resolve))
    if (this.failure !== undefined) throw this.failure
    const odd = numbers.find((number) => number % 2 === 1)
    if (odd !== undefined) throw new StatementError({ message: `${odd} is odd`, driverError: new Error() })
    return numbers.map(String)
  })

  /** Until nothing is being written any more. */
  async writeAll(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    for (let pen = this.pens.shift(); pen !== undefined; pen = this.pens.shift()) {
      pen()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

const evens = (count: number): number[] => Array.from({ length: count }, (_, index) => 2 * index)

it('Who comes alone waits for nobody', async () => {
  const paper = new Paper()
  const answer = paper.calls.make(2)
  await paper.writeAll()
  expect(await answer).toBe('2')
  expect(paper.groups).toEqual([[2]])
})

it('Who comes meanwhile goes together, at most 32, and each learns its own', async () => {
  const paper = new Paper()
  const first = [paper.calls.make(0), paper.calls.make(2)]
  await Promise.resolve()
  const answers = [...first, ...evens(70).map((number) => paper.calls.make(number))]
  await paper.writeAll()
  expect(await Promise.all(answers)).toEqual(['0', '2', ...evens(70).map(String)])
  expect(paper.groups.map(({ length }) => length)).toEqual([2, 32, 32, 6])
})

it('One that is refused harms nobody else', async () => {
  const paper = new Paper()
  const answers = [2, 3, 4].map((number) => paper.calls.make(number))
  const told = Promise.allSettled(answers)
  await paper.writeAll()
  expect((await told).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  await expect(answers[1]).rejects.toThrow('3 is odd')
  expect(paper.groups).toEqual([[2, 3, 4], [2], [3], [4]])
})

it('What may have been written isn’t written again', async () => {
  const paper = new Paper()
  paper.failure = databaseUnavailable(new Error('gone'))
  const told = Promise.allSettled([2, 4].map((number) => paper.calls.make(number)))
  await paper.writeAll()
  expect((await told).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(paper.groups).toEqual([[2, 4]])
})

it('Those that take long keep nobody waiting', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const paper = new Paper()
  const answers = [0, 2].map((number) => paper.calls.make(number))
  await Promise.resolve()
  answers.push(paper.calls.make(4))
  await Promise.resolve()
  answers.push(paper.calls.make(6))
  await Promise.resolve()
  expect(paper.groups).toEqual([[0, 2], [4]])
  await vi.advanceTimersByTimeAsync(50)
  expect(paper.groups).toEqual([[0, 2], [4], [6]])
  await paper.writeAll()
  expect(await Promise.all(answers)).toEqual(['0', '2', '4', '6'])
})
