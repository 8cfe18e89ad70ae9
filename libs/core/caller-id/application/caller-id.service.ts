import { Injectable } from '@nestjs/common'
import type { Page } from '#kernel'
import { type CallerIdEntry, checkEntryName } from '../domain/caller-id-entry.ts'
import { unknownEntry } from '../domain/caller-id-errors.ts'
import { CallerIdTable, type EntryFilter } from './caller-id-table.ts'
import { callerIdHtable, SipProxy } from './sip-proxy.ts'

@Injectable()
export class CallerIdService {
  constructor(
    private readonly table: CallerIdTable,
    private readonly sipProxy: SipProxy,
  ) {}

  list(
    filter: EntryFilter,
    page: Page,
  ): Promise<{ readonly entries: readonly CallerIdEntry[]; readonly total: number }> {
    return this.table.list(filter, page)
  }

  async read(name: string): Promise<CallerIdEntry> {
    const entry = isEntryName(name) ? await this.table.find(name) : undefined
    if (entry === undefined) throw unknownEntry()
    return entry
  }

  async create(entry: CallerIdEntry): Promise<CallerIdEntry> {
    await this.table.add(entry)
    return entry
  }

  async remove(name: string): Promise<void> {
    if (!isEntryName(name) || !(await this.table.remove(name))) throw unknownEntry()
  }

  /** The htable that was reloaded. */
  async reload(): Promise<string> {
    await this.sipProxy.reload(callerIdHtable)
    return callerIdHtable
  }
}

function isEntryName(text: string): boolean {
  return checkEntryName(text).length === 0
}
