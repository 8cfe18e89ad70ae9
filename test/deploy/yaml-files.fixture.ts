import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { checkout } from '../e2e/service-process.fixture.ts'

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the tests look at freely, and a schema checks
export type Yaml = any

/** A file's documents, with aliases and merges done; whatever YAML warns of makes this fail. */
export async function readYaml(path: string): Promise<readonly Yaml[]> {
  const text = await readFile(join(checkout, path), 'utf8')
  return parseAllDocuments(text, { merge: true }).map((document) => {
    const [problem] = [...document.errors, ...document.warnings]
    if (problem !== undefined) throw problem
    return document.toJS() as unknown
  })
}

/** The paths of the YAML files right in a folder. */
export async function yamlFilesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(checkout, folder))
  return names.filter((name) => name.endsWith('.yaml')).map((name) => `${folder}/${name}`)
}
