import { importPair, type ImportWish } from './pairs/import.ts'
import { password } from './people.ts'
import { readyHash } from './ready-hash.ts'
import type { Row } from './row.ts'
import { processesOf, type Stage } from './stage.ts'

const users = 10_000
const [directlyWithPassword, directlyWithout] = [1000, 4000]
const forWarmth = 1000

export async function importRows({ bench, world, share }: Stage): Promise<readonly Row[]> {
  const hash = await readyHash(password)
  const processes = processesOf(bench, world)
  const shrunk = (count: number): number => Math.max(100, Math.round(count * share))
  const row = (
    wish: Pick<ImportWish, 'password' | 'callers'>,
    usersDirectly: number,
    title: string,
    aim: number,
  ): Row => ({
    ...{ group: 'import', processes, title, aim },
    against: `\`POST users\`, \`POST\` to wac-core; ${wish.callers} callers, ${usersDirectly} users`,
    pair: importPair(world, { ...wish, users: shrunk(users), usersDirectly: shrunk(usersDirectly) }),
    warmUp: importPair(world, { ...wish, users: shrunk(forWarmth), usersDirectly: shrunk(usersDirectly / 4) }),
  })
  return [
    row({ password: 'plain', callers: 8 }, directlyWithPassword, 'import 10,000 users with passwords', 4),
    row({ password: 'none', callers: 32 }, directlyWithout, 'import 10,000 users without passwords', 2.5),
    row({ password: hash, callers: 32 }, directlyWithout, 'import 10,000 users with ready hashes', 2.5),
  ]
}
