import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FollowedChanges } from '#core/reconciliation'
import { PostgresFollowedChanges } from './postgres-followed-changes.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

describe('How far changes were followed', () => {
  let postgres: TestPostgres
  let followed: FollowedChanges
  beforeEach(async () => {
    postgres = await TestPostgres.start()
    followed = new PostgresFollowedChanges(postgres.database)
  })
  afterEach(() => postgres[Symbol.asyncDispose]())

  it('is nothing at first', async () => {
    expect(await followed.read()).toEqual({ waiting: [] })
  })

  it('is remembered for all replicas', async () => {
    const next = { position: '{"at":"é"}', waiting: ['one', 'other'] }
    expect(await followed.write(next, await followed.read())).toBe(true)
    expect(await new PostgresFollowedChanges(postgres.database).read()).toEqual(next)
  })

  it('never goes back to what a slower replica has read', async () => {
    const [slow, first] = [await followed.read(), { position: '1', waiting: [] }]
    await followed.write(first, slow)
    expect(await followed.write({ position: '2', waiting: ['late'] }, await followed.read())).toBe(true)
    expect(await followed.write({ position: '1', waiting: [] }, first)).toBe(false)
    expect(await followed.write({ position: '1', waiting: [] }, slow)).toBe(false)
    expect(await followed.read()).toEqual({ position: '2', waiting: ['late'] })
  })
})
