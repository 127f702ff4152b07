/** A package's statement as the arena's Markdown: what only the package's own tools understand is taken out. Every step is linear in the text. */
type Read = { readonly statement: string; readonly title: string | undefined; readonly warnings: readonly string[] }

/** The contract's bound on a statement, characters. */
export const maxStatement = 50_000

export function fromMarkdown(text: string): Read {
  const statement = text.replaceAll(/\{\{\s*(nextsample|remainingsamples|sample\.\w+)\s*\}\}/gi, '').trim()
  const warnings = /!\[|<img\b|\{\{\s*img/i.test(statement) ? ['images of the statement are not kept'] : []
  return { statement, title: undefined, warnings }
}

const commands: readonly (readonly [RegExp, string])[] = [
  [/(?<!\\)%.*$/gm, ''],
  [/\\(?:section|subsection|subsubsection)\*?\{([^{}\n]{0,200})\}/g, '\n\n## $1\n\n'],
  [/\\(?:emph|textit|textsl)\{([^{}\n]{0,500})\}/g, '*$1*'],
  [/\\textbf\{([^{}\n]{0,500})\}/g, '**$1**'],
  [/\\(?:texttt|verb)\{([^{}\n]{0,500})\}/g, '`$1`'],
  [/\\(?:begin|end)\{(?:itemize|enumerate|center|description)\}(?:\[[^\]\n]{0,50}\])?/g, '\n'],
  [/^[ \t]{0,20}\\item\b[ \t]{0,20}/gm, '- '],
  [/\\(?:illustration|includegraphics)(?:\[[^\]\n]{0,100}\])?(?:\{[^{}\n]{0,300}\}){1,3}/g, ''],
  [/\\\[/g, '\n\n$$$$'],
  [/\\\]/g, '$$$$\n\n'],
  [/(?<!\\)~/g, ' '],
  [/``/g, '“'],
  [/''/g, '”'],
  [/---/g, '—'],
]

/** TeX to read, not to print: headings, lists, emphasis and formulas come over, other commands stay as they are. */
export function fromTex(text: string): Read {
  const title = /\\problemname\{([^{}\n]{1,200})\}/.exec(text)?.[1]?.trim()
  let statement = text.replaceAll(/\\problemname\{[^{}\n]{1,200}\}/g, '')
  for (const [pattern, replacement] of commands) statement = statement.replaceAll(pattern, replacement)
  return {
    statement: statement.replaceAll(/\n{3,}/g, '\n\n').trim(),
    title,
    warnings: ['the statement is TeX: look it through, not every command is understood'],
  }
}

export const missingStatement: Read = {
  statement: '*The package has no statement that can be shown here. Edit the problem to add one.*',
  title: undefined,
  warnings: ['there is no statement in Markdown or TeX'],
}
