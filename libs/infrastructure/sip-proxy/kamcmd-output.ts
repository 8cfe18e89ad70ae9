type Fields = Readonly<Record<string, string>>

/** The structs of `kamcmd`'s output, one field a line; nothing where it is a plain text. Structs in structs are read as one. */
export function recordsOf(output: string): readonly Fields[] | undefined {
  if (!output.startsWith('{')) return undefined
  return output
    .split(/^\{$/m)
    .slice(1)
    .map((struct) => Object.fromEntries<string>(fieldsIn(struct)))
}

function fieldsIn(struct: string): readonly (readonly [string, string])[] {
  return [...struct.matchAll(/^\s+(\w+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value])
}
