import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { ConfigError, parseConfig, processEnvironment } from '#kit/config'
import { openLog } from '#kit/log'
import { SandboxFault } from '#ports/sandbox'
import { openSandbox } from '../sandbox.ts'
import { complain, say } from '../terminal.ts'
import { layBait } from './bait.ts'
import { readCorpus } from './cases.ts'
import { judgeCases } from './judge-case.ts'
import { leftBySandbox, strayProcesses } from './remains.ts'
import { summaryOf, tableHead, tableLines } from './table.ts'

/**
 * `npm run judge:check [-- WHAT…]`: judges the corpus on this node, in the sandbox that is configured, with the evaluation service's own code. No arena need
 * run; one that does is not disturbed but for its share of the machine. The last line is the sum; the exit code is 1 when anything is not as it should be.
 */
const usage = `npm run judge:check                judges the hostile programs of the corpus on this node
npm run judge:check -- all         every program
npm run judge:check -- PATH…       a folder or a case of it, e.g. hostile/compile or plain/c/sum.c`

const corpusFolder = join(import.meta.dirname, '..', '..', '..', '..', 'judge-corpus')

async function check(wanted: readonly string[]): Promise<boolean> {
  const config = parseConfig(processEnvironment())
  const below = wanted.length === 0 ? ['hostile'] : wanted
  const cases = readCorpus(corpusFolder).filter((each) => below.some((path) => path === 'all' || `${each.id}/`.startsWith(`${path.replace(/\/$/, '')}/`)))
  if (cases.length === 0) throw new ConfigError(`The corpus has no case named ${wanted.join(' or ')}.\n\n${usage}`)
  const sandbox = await openSandbox(config, openLog('error'))
  const toolchains = Object.entries(sandbox.toolchains).map(([language, version]) => `${language} ${version}`)
  say(`The ${sandbox.name} sandbox, with ${toolchains.join(', ') || 'no toolchain'}.\n\n${tableHead}`)
  const bait = await layBait()
  const tell = (result: Parameters<typeof tableLines>[0]) => tableLines(result).forEach(say)
  const results = await judgeCases(sandbox, cases, { bait, slots: config.judgeSlots ?? availableParallelism(), tell })
  const onTheHost = [...bait.findings(), ...strayProcesses()]
  await sandbox.close()
  await bait.close()
  onTheHost.push(...leftBySandbox())
  for (const finding of onTheHost) say(`FAILED on the host: ${finding}`)
  say(`\n${summaryOf(results, onTheHost)}`)
  const judgedSome = results.some((result) => result.skipped === undefined)
  if (!judgedSome) complain('Nothing was judged: no toolchain of these programs is there.')
  return judgedSome && onTheHost.length === 0 && results.every((result) => result.problems.length === 0)
}

try {
  const wanted = process.argv.slice(2)
  if (wanted.some((word) => word.startsWith('-'))) say(usage)
  else process.exitCode = (await check(wanted)) ? 0 : 1
} catch (cause) {
  const isPlain = cause instanceof ConfigError || cause instanceof SandboxFault
  complain(isPlain ? cause.message : cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
  process.exitCode = cause instanceof ConfigError ? 2 : 1
}
