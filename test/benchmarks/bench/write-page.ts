import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'

export const docs = join(import.meta.dirname, '../../../docs')
const name = 'benchmarks.md'

export interface Written {
  /** What stands between the marks of the section. */
  readonly markdown: string
  /** By their names, below `benchmarks`. */
  readonly charts: Readonly<Record<string, string>>
}

/** Replaces a section of the page that was measured; the rest of the page is written by people. */
export async function writePage(into: string, section: string, { markdown, charts }: Written): Promise<string> {
  const page = join(into, name)
  await mkdir(join(into, 'benchmarks'), { recursive: true })
  if (into !== docs) await copyFile(join(docs, name), page)
  const [from, to] = [`<!-- ${section}: written by the benchmark -->`, `<!-- /${section} -->`]
  const text = await readFile(page, 'utf8')
  const [start, end] = [text.indexOf(from), text.indexOf(to)]
  if (start < 0 || end < start) throw new Error(`${page} has no place for ${section}`)
  const whole = `${text.slice(0, start)}${from}\n\n${markdown}\n\n${text.slice(end)}`
  await writeFile(page, await format(whole, { ...(await resolveConfig(page)), parser: 'markdown' }))
  for (const [file, chart] of Object.entries(charts)) await writeFile(join(into, 'benchmarks', file), chart)
  return page
}
