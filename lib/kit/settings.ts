import { readFileSync } from 'node:fs'

/** How a setting of the environment is read: flag, then variable, then the file that `<NAME>_FILE` names (secrets only), then the standard. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Prints as `[secret]` wherever it is logged or shown. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal() {
    return this.#value
  }
  toString() {
    return '[secret]'
  }
  toJSON() {
    return '[secret]'
  }
}

export type Environment = Readonly<Record<string, string | undefined>>
/** `secret`: it may hold a password, so it is never shown, and `<NAME>_FILE` may name a file that holds it instead. */
export type Variable = readonly [standard: string, help: string, secret?: 'secret']
export type Variables = Readonly<Record<string, Variable>>

const prefix = 'ARENA_'
/** Left to the tests. */
const testPrefix = 'ARENA_TEST_'
const fileSuffix = '_FILE'

/**
 * A reader of settings; what is set to nothing is not set (an empty ARENA_HOST would listen on every address).
 * @throws ConfigError for an `ARENA_*` that does not exist (names the nearest), for a variable that is set together with its `_FILE`, and, when it is
 * read, for a file that cannot be read or holds nothing.
 */
export function openSettings<Name extends string>(
  variables: Readonly<Record<Name, Variable>>,
  environment: Environment,
  flags: Readonly<Partial<Record<Name, string>>>,
): (name: Name) => string {
  const known = namesOf(variables)
  for (const key of Object.keys(environment)) {
    if (key.startsWith(prefix) && !key.startsWith(testPrefix) && !known.includes(key))
      throw new ConfigError(`${key} is not a setting of the arena; did you mean ${nearest(key, known)}?`)
  }
  const read = (name: Name): string => {
    const [standard, , secret] = variables[name]
    const given = flags[name] || environment[name]
    const file = secret && environment[`${name}${fileSuffix}`]
    if (given && file) throw new ConfigError(`${name} and ${name}${fileSuffix} are both set; one of them is enough`)
    return given || (file && contentOf(file, `${name}${fileSuffix}`)) || standard
  }
  const values = new Map<Name, string>() // a file may be a pipe, which gives its content once
  return (name) => {
    const value = values.get(name) ?? read(name)
    values.set(name, value)
    return value
  }
}

/** Every name the environment may hold, those of files included. */
export const namesOf = (variables: Variables): readonly string[] =>
  Object.entries(variables).flatMap(([name, [, , secret]]) => (secret ? [name, `${name}${fileSuffix}`] : [name]))

/** The table of `--help`. */
export const settingsHelp = (variables: Variables): string =>
  Object.entries(variables)
    .map(([name, [standard, help, secret]]) => {
      const more = `${secret ? `; or ${name}${fileSuffix}: a file that holds it` : ''}${standard ? ` (default ${standard})` : ''}`
      return `  ${name.padEnd(30)} ${help}${more}`
    })
    .join('\n')

/** Without the line's end that an editor leaves. */
function contentOf(file: string, name: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new ConfigError(`${name} names ${file}, which cannot be read (${(cause as NodeJS.ErrnoException).code})`)
  }
  if (text === '') throw new ConfigError(`${name} names ${file}, which is empty`)
  return text
}

function nearest(key: string, names: readonly string[]): string {
  return [...names].sort((a, b) => distance(key, a) - distance(key, b))[0] as string
}
/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}
