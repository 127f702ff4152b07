import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuthorProgram, Checker } from '#contracts/judging'
import { type LanguageSpec, languageById } from '#contracts/languages'
import { bytes, mebibytes, ms } from '#kernel/units'
import type { Box, RunLimits, Sandbox } from '#ports/sandbox'
import type { Artefacts } from '../artefacts.ts'
import { ProblemFault } from '../domain/faults.ts'
import { standardProcesses } from '../domain/limits.ts'
import { type SourceFile, withOthers } from '../domain/program-files.ts'
import { buildProgram, type Program } from './build-program.ts'
import type { Holding } from './judging-data.ts'

/**
 * A checker or an interactor, built in a box of its own: the participant's box never sees it, nor the expected output that it is given. It is as little
 * trusted as any other program.
 */
export type AuthorWork = {
  readonly sandbox: Sandbox
  readonly holding: Pick<Holding, 'files'>
  readonly artefacts?: Artefacts | undefined
  readonly signal: AbortSignal
}
export type Built = { readonly box: Box; readonly program: Program; readonly language: LanguageSpec }

/** @throws ProblemFault when it is no program; JudgeFault or SandboxFault when it cannot be built here. The box is the caller's to close. */
export async function buildAuthorProgram(work: AuthorWork, what: 'checker' | 'interactor', { language: id, files }: AuthorProgram): Promise<Built> {
  const { sandbox, holding, artefacts, signal } = work
  const language = languageById(id)
  if (language === undefined) throw new ProblemFault(`the ${what} is in a language that the judge does not know: ${id}`)
  const source = withOthers(language, withTestlib(language, await holding.files(files)))
  const box = await sandbox.open({ image: language.image, signal })
  try {
    const program = await buildProgram({ sandbox, box, language, source, artefacts, signal })
    if (program.failed) throw new ProblemFault(`the ${what} does not compile:\n${program.log}`)
    return { box, program, language }
  } catch (error) {
    await box.close()
    throw error
  }
}

const header = 'testlib.h'
let ownTestlib: Uint8Array | undefined

/** Most packages bring testlib.h along; for one that only includes it there is ours, which says the same (services/evaluation/testlib). */
function withTestlib({ id }: LanguageSpec, files: readonly SourceFile[]): readonly SourceFile[] {
  const isMissing = id.startsWith('cpp') && !files.some(({ name }) => name === header)
  if (!isMissing || !files.some(({ content }) => Buffer.from(content).includes('testlib.h'))) return files
  ownTestlib ??= readFileSync(join(import.meta.dirname, '..', '..', 'testlib', header))
  return [...files, { name: header, content: ownTestlib }]
}

const standardCpuMs = 10_000
const standardMemory = mebibytes(1024)

/** What an author's program may use for one test. */
export function authorLimits({ limits = {} }: Pick<Checker, 'limits'>, language: LanguageSpec): RunLimits & { readonly heap: RunLimits['memory'] } {
  const cpu = Math.ceil((limits.cpuMs ?? standardCpuMs) * language.timeFactor)
  const heap = bytes(limits.memoryBytes ?? standardMemory)
  return {
    cpu: ms(cpu),
    wall: ms(3 * cpu + 1000),
    heap,
    memory: bytes(heap + mebibytes(language.memoryBesideMiB ?? 0)),
    processes: standardProcesses + (language.ownThreads ?? 0),
    output: bytes(64 * 1024),
    stderr: bytes(16 * 1024),
    files: mebibytes(16),
  }
}
