import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Place } from '../domain/import.ts'
import { ShiftOver } from './import-shift.ts'
import type { WrittenRow } from './import-shifts.ts'
import type { FileRow } from './row-files.ts'
import { mostAhead, RowsInFlight } from './rows-in-flight.ts'

const from = { offset: 10, line: 2, row: 0 }

interface Flight {
  readonly begun: number[]
  readonly places: Place[]
  readonly written: WrittenRow[]
}

interface Wish {
  readonly size?: number
  readonly take?: (number: number) => Promise<unknown>
  readonly write?: () => void
  readonly isOver?: (flight: Flight) => boolean
}

async function* files(count: number, size: number): AsyncGenerator<FileRow> {
  for (let index = 0; index < count; index++) {
    const start = from.offset + index * size
    yield await Promise.resolve({
      line: index + 2,
      nextLine: index + 3,
      start,
      end: start + size,
      content: { cells: [] },
    })
  }
}

async function fly(
  count: number,
  { size = 10, take, write, isOver }: Wish = {},
): Promise<Flight & { failure?: unknown }> {
  const flight: Flight = { begun: [], places: [], written: [] }
  const work = new RowsInFlight({
    from,
    rows: files(count, size),
    process: async ({ line, start }, number) => {
      flight.begun.push(number)
      await take?.(number)
      return { row: number, line, start, outcome: 'created', takes: [] }
    },
    write: async (rows, place) => {
      await Promise.resolve()
      write?.()
      flight.written.push(...rows)
      flight.places.push(place)
    },
    isOver: () => isOver?.(flight) ?? false,
  })
  try {
    await work.run()
    return flight
  } catch (failure) {
    return { ...flight, failure }
  }
}

const numbersOf = ({ written }: Flight): readonly number[] => written.map(({ row }) => row)
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)

it('Rows are written in the order of the file, whatever order they end in', async () => {
  const flight = await fly(500, { take: (number) => pause((number * 7) % 5) })
  expect(numbersOf(flight)).toEqual(upTo(500))
  expect(flight.places.at(-1)).toEqual({ offset: 10 + 500 * 10, line: 502, row: 500 })
  for (const { offset, row } of flight.places) expect(offset).toBe(10 + row * 10)
})

it('Rows that are done wait for one that is not, and only so many', async () => {
  const slow = Promise.withResolvers<undefined>()
  let ahead = 0
  const flight = await fly(1000, {
    take: async (number) => {
      ahead = Math.max(ahead, number)
      if (number === 1) await slow.promise
      else if (number === mostAhead) setTimeout(() => slow.resolve(undefined), 50)
    },
  })
  expect(ahead).toBe(1000)
  expect(flight.begun.indexOf(mostAhead + 1)).toBe(mostAhead)
  expect(numbersOf(flight)).toEqual(upTo(1000))
})

it('Large rows wait for each other', async () => {
  let underWay = 0
  let most = 0
  await fly(40, {
    size: 1024 * 1024,
    take: async () => {
      most = Math.max(most, ++underWay)
      await pause(1)
      underWay--
    },
  })
  expect(most).toBeLessThanOrEqual(8)
})

it('A row that fails ends the flight, after all others, and what was done before it is written', async () => {
  const flight = await fly(500, {
    take: async (number) => {
      await pause(number % 3)
      if (number === 100) throw new Error('away')
    },
  })
  expect(flight.failure).toEqual(new Error('away'))
  expect(numbersOf(flight)).toEqual(upTo(99))
  expect(flight.begun.length).toBeLessThanOrEqual(99 + mostAhead)
})

it('A row that began nothing keeps none behind it from being told', async () => {
  const flight = await fly(90, {
    take: async (number) => {
      await pause(number % 3)
      if (number % 10 === 1) throw new ShiftOver('it')
    },
  })
  expect(flight.failure).toBeInstanceOf(ShiftOver)
  expect(numbersOf(flight)).toEqual(upTo(90).filter((number) => number % 10 !== 1))
})

it('No row is begun when it is over, and those under way are written', async () => {
  const flight = await fly(500, { take: () => pause(1), isOver: ({ written }) => written.length > 0 })
  expect(flight.failure).toBeUndefined()
  expect(flight.begun.length).toBeLessThan(500)
  expect(numbersOf(flight)).toEqual(upTo(flight.begun.length))
})

it('What cannot be written ends the flight', async () => {
  const write = (): never => {
    throw new Error('disk full')
  }
  const flight = await fly(500, { write })
  expect([flight.failure, numbersOf(flight)]).toEqual([new Error('disk full'), []])
})
