import { openReport, type PackageTexts } from './package-plan.ts'
import { isFields, readYaml, textOf } from './package-yaml.ts'

/**
 * Constants of a package (`constants` in problem.yaml, 2025-09): `{{name}}` in statements, settings of tests and programs stands for a value, `\constant{name}`
 * in LaTeX too. They are filled in as the package is read, so that nothing later has to know of them.
 */
export type Constants = ReadonlyMap<string, string>

export function constantsOf(texts: PackageTexts): Constants {
  // what is wrong with the file is told by who reads all of it
  const { constants } = readYaml('problem.yaml', texts.get('problem.yaml') ?? '', openReport())
  if (!isFields(constants)) return new Map()
  return new Map(
    Object.entries(constants).flatMap(([name, value]) => {
      const text = textOf(value)
      return /^[A-Za-z_]\w{0,99}$/.test(name) && text !== undefined ? [[name, text.slice(0, 1_000)] as const] : []
    }),
  )
}

/** One that is not known stays as it is written. */
export const withConstants = (text: string, constants: Constants): string =>
  constants.size === 0 ? text : text.replaceAll(/\{\{([A-Za-z_]\w*)\}\}|\\constant\{([A-Za-z_]\w*)\}/g, (all, one, other) => constants.get(one ?? other) ?? all)

/** Not in problem.yaml itself, and not in test data. */
export const filledTexts = (texts: PackageTexts, constants: Constants): PackageTexts =>
  constants.size === 0 ? texts : new Map([...texts].map(([path, text]) => [path, isFilled(path) ? withConstants(text, constants) : text]))
const isFilled = (path: string) => /^statement\/|^submissions\/|(^|\/)test_group\.yaml$/.test(path)
