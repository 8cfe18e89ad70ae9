#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const oldestNode = 22
const root = fileURLToPath(new URL('..', import.meta.url))
const main = new URL('../dist/apps/cli/main.js', import.meta.url)

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  refuse(
    `it needs Node ${oldestNode} or newer, and this is ${process.version}: run "npx kitter" in ${root}, which brings its own.`,
  )
} else if (!existsSync(main)) {
  refuse(`it is not built yet: run "npm run build" in ${root}`)
} else {
  await import(main.href)
}

function refuse(sentence) {
  console.error(`kitter: ${sentence}`)
  process.exitCode = 2
}
