import { globSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import { Compare, TestVerdict, Verdict } from '#contracts/common'

/**
 * The judge corpus as data: one file a case (judge-corpus/README.md). A case is a program as a participant would hand it in; the comment it begins with
 * says in YAML what it is judged by and what must come out. Reading is strict: a word nobody knows is an error, since a case that is misread checks nothing.
 */

/** Text as it is, or one piece many times over, for what would be too long to be written down. */
const Text = Type.Union([Type.String(), Type.Object({ repeat: Type.String(), times: Type.Integer({ minimum: 1 }) }, { additionalProperties: false })])
const Bounds = Type.Tuple([Type.Number(), Type.Number()])

const Header = Type.Object(
  {
    /** One sentence: what the program does, or, where it is hostile, tries. */
    about: Type.String({ minLength: 1 }),
    /** The verdict, or those that an honest judge may choose between. */
    expect: Type.Union([Verdict, Type.Array(Verdict, { minItems: 2 })]),
    /** Where the file's ending does not say it. */
    language: Type.Optional(Type.String()),
    limits: Type.Optional(
      Type.Object(
        { cpuMs: Type.Optional(Type.Integer()), memoryMiB: Type.Optional(Type.Integer()), outputKiB: Type.Optional(Type.Integer()) },
        { additionalProperties: false },
      ),
    ),
    compare: Type.Optional(Compare),
    /** Default: one test with nothing to read and nothing to say. */
    tests: Type.Optional(
      Type.Array(Type.Object({ in: Type.Optional(Text), out: Type.Optional(Text), verdict: Type.Optional(TestVerdict) }, { additionalProperties: false }), {
        minItems: 1,
      }),
    ),
    /** Whether the tests after a failing one are run too. */
    runsAll: Type.Optional(Type.Boolean()),
    /** What may be told of the whole submission: CPU and elapsed time in ms, memory in MiB, least and most. */
    cpuMs: Type.Optional(Bounds),
    wallMs: Type.Optional(Bounds),
    memoryMiB: Type.Optional(Bounds),
    /** A regular expression that the compile log or the remarks on the tests fit. */
    says: Type.Optional(Type.String()),
    /** The processor that the attempt is made for (`process.arch`). */
    processor: Type.Optional(Type.String()),
    /** Started on the host without any sandbox, it says ESCAPED: proof that the case can fail. Only for attempts that harm nobody. */
    escapesBare: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

export type CorpusTest = { readonly input: string; readonly output: string; readonly verdict: TestVerdict | undefined }
export type Case = {
  /** Path below the corpus. */
  readonly id: string
  readonly hostile: boolean
  readonly about: string
  readonly language: string
  /** Without the header; lines keep their numbers. */
  readonly source: string
  readonly expect: readonly Verdict[]
  readonly limits: { readonly cpuMs: number; readonly memoryBytes: number; readonly outputBytes?: number }
  readonly compare: Compare
  readonly tests: readonly CorpusTest[]
  readonly runsAll: boolean
  /** Of what is told of the whole submission. */
  readonly bounds: { readonly [figure in 'cpuMs' | 'wallMs' | 'memoryMiB']: readonly [number, number] | undefined }
  readonly says: RegExp | undefined
  readonly processor: string | undefined
  readonly escapesBare: boolean
}

const languageOf: Readonly<Record<string, string>> = { '.c': 'c', '.cpp': 'cpp', '.py': 'python', '.java': 'java', '.js': 'javascript', '.ts': 'typescript' }
const header = /^(?:\/\*|""")\n([\s\S]*?)\n(?:\*\/|""")\n/

/** @param path below the corpus. @throws Error that names the file and what is wrong with it. */
export function parseCase(path: string, text: string): Case {
  const found = header.exec(text)
  if (found === null) throw new Error(`${path}: a case begins with a comment of its own lines (/* … */, in Python """ … """)`)
  const said = parseYaml(path, found[1] ?? '')
  if (!Value.Check(Header, said)) {
    const [error] = Value.Errors(Header, said)
    throw new Error(`${path}: ${error?.instancePath} ${error?.message} ${JSON.stringify(error?.params)}`)
  }
  const language = said.language ?? languageOf[extname(path)]
  if (language === undefined) throw new Error(`${path}: which language is ${extname(path)}?`)
  const { cpuMs = 1000, memoryMiB = 64, outputKiB } = said.limits ?? {}
  return {
    id: path,
    hostile: path.startsWith('hostile/'),
    about: said.about,
    language,
    source: '\n'.repeat((found[0].match(/\n/g) ?? []).length) + text.slice(found[0].length),
    expect: Array.isArray(said.expect) ? said.expect : [said.expect],
    limits: { cpuMs, memoryBytes: memoryMiB * 1024 ** 2, ...(outputKiB === undefined ? {} : { outputBytes: outputKiB * 1024 }) },
    compare: said.compare ?? {},
    tests: (said.tests ?? [{}]).map((test) => ({ input: textOf(test.in), output: textOf(test.out), verdict: test.verdict })),
    runsAll: said.runsAll ?? false,
    bounds: { cpuMs: said.cpuMs, wallMs: said.wallMs, memoryMiB: said.memoryMiB },
    says: said.says === undefined ? undefined : new RegExp(said.says),
    processor: said.processor,
    escapesBare: said.escapesBare ?? false,
  }
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error })
  }
}

const textOf = (text: Static<typeof Text> = ''): string => (typeof text === 'string' ? text : text.repeat.repeat(text.times))

/** All cases of a folder, by name. @throws as `parseCase` does. */
export function readCorpus(folder: string): readonly Case[] {
  const paths = globSync('{plain,hostile}/**/*.{c,cpp,py,java,js,ts}', { cwd: folder }).sort()
  return paths.map((path) => parseCase(path, readFileSync(join(folder, path), 'utf8')))
}
