import Type, { type Static } from 'typebox'

/** `{source}`, `{binary}` and `{memoryMiB}` in an argv are filled per run. Adding a language is adding a row. */
export const LanguageSpec = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** File the source is put into. */
  sourceFile: Type.String(),
  /** Absent: nothing to compile. */
  compile: Type.Optional(Type.Array(Type.String())),
  run: Type.Array(Type.String()),
  /** Headers worth compiling ahead, in a folder of this name below `toolchainFolder`; a node that has not got them compiles without. */
  headersAhead: Type.Optional(Type.Object({ folder: Type.String(), flags: Type.Array(Type.String()), headers: Type.Array(Type.String()) })),
  /** What `compile` leaves behind and `run` needs. */
  artefact: Type.Optional(Type.String()),
  /** Program that must exist, and how its version is asked. */
  probe: Type.Array(Type.String()),
  /** The problem's CPU limit is multiplied by this. */
  timeFactor: Type.Number(),
  image: Type.String(),
})
export type LanguageSpec = Static<typeof LanguageSpec>

/** Where a sandbox shows what was made for compilers ahead of time, read-only. */
export const toolchainFolder = '/toolchain'

const optimised = '-O2'
const c = ({ id, name, standard }: { id: string; name: string; standard: string }): LanguageSpec => ({
  id,
  name,
  sourceFile: 'main.c',
  artefact: 'main',
  image: 'cpp-judge',
  timeFactor: 1,
  compile: ['/usr/bin/gcc', `-std=${standard}`, optimised, '-pipe', '-static', '-s', '-o', 'main', 'main.c', '-lm'],
  run: ['./main'],
  probe: ['/usr/bin/gcc', '-dumpfullversion'],
})
const cpp = ({ id, name, standard }: { id: string; name: string; standard: string }): LanguageSpec => ({
  id,
  name,
  sourceFile: 'main.cpp',
  artefact: 'main',
  image: 'cpp-judge',
  timeFactor: 1,
  headersAhead: { folder: standard, flags: [`-std=${standard}`, optimised], headers: ['iostream', 'bits/stdc++.h'] },
  compile: ['/usr/bin/g++', `-std=${standard}`, optimised, `-I${toolchainFolder}/${standard}`, '-pipe', '-static', '-s', '-o', 'main', 'main.cpp', '-lm'],
  run: ['./main'],
  probe: ['/usr/bin/g++', '-dumpfullversion'],
})

/** In the order in which pupils are offered them. */
export const languages: readonly LanguageSpec[] = [
  {
    id: 'python',
    name: 'Python 3',
    sourceFile: 'main.py',
    image: 'python-judge',
    timeFactor: 2,
    compile: ['/usr/bin/python3', '-I', '-S', '-c', 'import sys; compile(open("main.py", "rb").read(), "main.py", "exec", dont_inherit=True)'],
    run: ['/usr/bin/python3', '-B', 'main.py'],
    probe: ['/usr/bin/python3', '-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'],
  },
  cpp({ id: 'cpp', name: 'C++17', standard: 'gnu++17' }),
  cpp({ id: 'cpp20', name: 'C++20', standard: 'gnu++20' }),
  c({ id: 'c', name: 'C17', standard: 'gnu17' }),
]
export const languageById = (id: string): LanguageSpec | undefined => languages.find((language) => language.id === id)
