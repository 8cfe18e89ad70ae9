import { createPair, type CreateWish } from './pairs/create.ts'
import type { Row } from './row.ts'
import { processesOf, type Stage } from './stage.ts'

const seconds = 12

export function createRows({ bench, world, share }: Stage): readonly Row[] {
  const processes = processesOf(bench, world)
  const row = (wish: Omit<CreateWish, 'seconds'>, rest: Pick<Row, 'title' | 'against' | 'aim'>): Row => ({
    ...rest,
    group: 'create',
    processes,
    pair: createPair(world, { ...wish, seconds: Math.max(2, seconds * share) }),
    warmUp: createPair(world, { ...wish, seconds: Math.max(2, seconds * share) }),
  })
  return [
    row(
      { callers: 8, withPassword: true },
      { title: 'create with password, 8 callers', against: '`POST users`, `POST` to wac-core; 8 callers', aim: 3 },
    ),
    row(
      { callers: 32, withPassword: false },
      {
        title: 'create without password, 32 callers',
        against: '`POST users`, `POST` to wac-core; 32 callers',
        aim: 1.5,
      },
    ),
  ]
}
