/**
 * Documents that repeat what the code says. `docs/errors.md` is written from the tables of errors; with `--fix` it is written anew, without, a
 * difference fails the check. Links between our own Markdown files must lead somewhere.
 */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { errorTable, timesRules } from '#contracts/errors'

const root = join(import.meta.dirname, '..')
const errorsFile = join(root, 'docs', 'errors.md')

function errorsDocument(): string {
  const rows = Object.entries(errorTable).map(([code, [status, text]]) => `| \`${code}\` | ${status} | ${text.replaceAll('|', '\\|')} |`)
  return [
    '# Errors',
    '',
    'Every error answer is `{ "error": { "code", "message", "details"?, "requestId" } }`. The code is what clients may rely on (and translate by);',
    'the message is English, with `{…}` filled from `details`. Written from `lib/contracts/errors.ts` by `npm run fix`; `npm run check` compares.',
    '',
    '| code | status | message |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '`TIMES_INVALID` says in `details.rule` which rule is broken, to translate by; `details.problem` is its English.',
    '',
    '| rule | problem |',
    '| --- | --- |',
    ...Object.entries(timesRules).map(([rule, text]) => `| \`${rule}\` | ${text} |`),
    '',
  ].join('\n')
}

/** Relative links of our Markdown files whose target is not there. */
function deadLinks(): string[] {
  const files = globSync('{*.md,{docs,lib,services,apps,e2e,bench,deploy,demo,examples,judge-corpus,judge-images,runner,scripts}/**/*.md}', {
    cwd: root,
    exclude: (name) => /(^|\/)(node_modules|dist)$/.test(name),
  })
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '')
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')
    const local = targets.filter((target) => !/^([a-z]+:|#)/i.test(target))
    const missing = local.filter((target) => !existsSync(join(root, dirname(file), decodeURIComponent(target.split('#')[0] ?? ''))))
    return missing.map((target) => `${file}: links to ${target}, which does not exist`)
  })
}

const wanted = errorsDocument()
if (process.argv.includes('--fix')) {
  mkdirSync(dirname(errorsFile), { recursive: true })
  writeFileSync(errorsFile, wanted)
}
const problems = deadLinks()
if (!existsSync(errorsFile) || readFileSync(errorsFile, 'utf8') !== wanted) {
  problems.push(`${relative(root, errorsFile)} does not agree with lib/contracts/errors.ts; run npm run fix`)
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
