import Type, { type Static } from 'typebox'

/**
 * Languages are data: adding one is adding a row (and an image, see `judge-images/`). A row is offered where its `probe` finds the toolchain.
 *
 * In `compile` and `run` are filled per submission and run:
 *   {source}     name of the source file in the box; as a word of its own the names of all that are compiled together
 *   {class}      Java: the class with `main`
 *   {memoryMiB}  the problem's memory limit (a compiler's: `compileMemoryMiB`)
 *   {stackMiB}, {stackKiB}  the same, at most 1000 MiB, which is the most a JVM takes: recursion goes as deep as memory lasts
 *
 * Memory. A program without a runtime is bounded by the problem's limit. A runtime that needs much itself (JVM, V8) gets `memoryBesideMiB` beside it: its heap is
 * bounded by the problem's limit, all of it by limit + beside. MLE is: more than that; or a heap used up; or an allocation that was refused. What
 * the verdict shows is what was measured, the runtime's own part included, so it may lie between limit and limit + beside.
 */
export const LanguageSpec = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** File the source is put into. */
  sourceFile: Type.String(),
  /** How the source names its own file; absent: it does not. `java`: the file is named after the public type, the run after the class with `main`. */
  naming: Type.Optional(Type.Literal('java')),
  /** Absent: nothing to compile. What it leaves in its folder is the program. */
  compile: Type.Optional(Type.Array(Type.String())),
  /** Ends of names of files that are compiled along with {source} where a program has several. Absent: they only lie beside it. */
  compiledTogether: Type.Optional(Type.Array(Type.String())),
  /** `compile` makes nothing that `run` needs; it only tells a source that is none from a program. */
  onlyChecks: Type.Optional(Type.Boolean()),
  run: Type.Array(Type.String()),
  /** Headers worth compiling ahead, in a folder of this name below `preparedFolder`; a node that has not got them compiles without. */
  headersAhead: Type.Optional(Type.Object({ folder: Type.String(), flags: Type.Array(Type.String()), headers: Type.Array(Type.String()) })),
  /** Prints the toolchain's version, on the judge's machine or in its image. Silence or failure: the language is off. */
  probe: Type.Array(Type.String()),
  /** The problem's CPU limit is multiplied by this. */
  timeFactor: Type.Number(),
  memoryBesideMiB: Type.Optional(Type.Integer()),
  compileMemoryMiB: Type.Optional(Type.Integer()),
  /** Processes and threads that the toolchain itself starts, beside those left to the program. */
  ownThreads: Type.Optional(Type.Integer()),
  /** What its runtime prints as it gives up for want of memory. Read only of a run that failed: it turns RE into MLE, never into anything better. */
  outOfMemory: Type.Optional(Type.String()),
  image: Type.String(),
})
export type LanguageSpec = Static<typeof LanguageSpec>

/** Where a sandbox shows, read-only, what is not the system's: headers compiled ahead, a folder for each standard, and a linker … */
export const preparedFolder = '/toolchain/prepared'
/**
 * … which is called `ld` in this folder of it: gold, where binutils has it, needs a third of the time that its elder sister takes to link a static C++
 * program, which is most of what compiling a short one costs. Where it is not, GCC finds the system's own as ever …
 */
export const linkerFolder = `${preparedFolder}/linker`
/** … and the folder of the program `node`. Natively the arena's own Node 24; images have one (or a link to one) at the same path. */
export const nodeFolder = '/toolchain/node/bin'

const optimised = '-O2'
const linked = [`-B${linkerFolder}`, '-static', '-s']
const c: LanguageSpec = {
  id: 'c',
  name: 'C17',
  sourceFile: 'main.c',
  compiledTogether: ['.c'],
  image: 'cpp-judge',
  timeFactor: 1,
  compile: ['/usr/bin/gcc', '-std=gnu17', optimised, '-pipe', ...linked, '-o', 'main', '{source}', '-lm'],
  run: ['./main'],
  probe: ['/usr/bin/gcc', '-dumpfullversion'],
}
/** A standard that the compiler is too old for is off. */
const cpp = ({ id, name, standard }: { id: string; name: string; standard: string }): LanguageSpec => ({
  id,
  name,
  sourceFile: 'main.cpp',
  compiledTogether: ['.cpp', '.cc', '.cxx', '.c++', '.C'],
  image: 'cpp-judge',
  timeFactor: 1,
  headersAhead: { folder: standard, flags: [`-std=${standard}`, optimised], headers: ['iostream', 'bits/stdc++.h'] },
  compile: ['/usr/bin/g++', `-std=${standard}`, optimised, `-I${preparedFolder}/${standard}`, '-pipe', ...linked, '-o', 'main', '{source}', '-lm'],
  run: ['./main'],
  probe: ['/bin/sh', '-c', `/usr/bin/g++ -std=${standard} -E -x c++ /dev/null > /dev/null 2>&1 && /usr/bin/g++ -dumpfullversion`],
  outOfMemory: 'std::bad_alloc',
})

/**
 * One core, no files of its own, the class archive that comes with the JDK: a start costs 60 ms. All compilers stay on for programs: the first alone would
 * save 10 ms of them, and make a third of a second of loops half as long again. javac is short, and the first alone spares it a third.
 */
const oneCoreJvm = ['-XX:+UseSerialGC', '-XX:ActiveProcessorCount=1', '-XX:-UsePerfData', '-Xshare:auto']
const java: LanguageSpec = {
  id: 'java',
  name: 'Java',
  sourceFile: 'Main.java',
  naming: 'java',
  compiledTogether: ['.java'],
  image: 'java-judge',
  timeFactor: 2,
  memoryBesideMiB: 128,
  ownThreads: 32,
  compile: [
    '/usr/bin/javac',
    ...oneCoreJvm.map((flag) => `-J${flag}`),
    ...['-J-XX:TieredStopAtLevel=1', '-J-Xmx256m', '-J-Xss16m', '-proc:none', '-encoding', 'UTF-8', '-d', '.', '{source}'],
  ],
  run: [
    '/usr/bin/java',
    ...oneCoreJvm,
    ...['-Xmx{memoryMiB}m', '-Xss{stackMiB}m', '-XX:+ExitOnOutOfMemoryError', '-XX:+DisplayVMOutputToStderr', '-Dfile.encoding=UTF-8', '-cp', '.', '{class}'],
  ],
  // The JDK's own note beside its programs; asking the JVM itself would cost half a second at every start.
  probe: ['/bin/sh', '-c', '. "$(dirname "$(dirname "$(readlink -e /usr/bin/javac)")")/release" && test -x /usr/bin/java && echo "$JAVA_VERSION"'],
  outOfMemory: 'Terminating due to java.lang.OutOfMemoryError',
}

const quietly = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON']
const nodeRun = [`${nodeFolder}/node`, ...quietly, '--max-old-space-size={memoryMiB}', '--stack-size={stackKiB}']
const node = { image: 'node-judge', timeFactor: 2, memoryBesideMiB: 160, ownThreads: 32, outOfMemory: 'JavaScript heap out of memory' }
const javascript: LanguageSpec = {
  ...node,
  id: 'javascript',
  name: 'JavaScript (Node.js)',
  sourceFile: 'main.js',
  onlyChecks: true,
  compile: [`${nodeFolder}/node`, ...quietly, '--check', '{source}'],
  run: [...nodeRun, '{source}'],
  probe: [`${nodeFolder}/node`, '-p', 'process.versions.node'],
}
/** Node's own transformation: enums, namespaces and parameter properties work, wrong syntax is told with its line, types are not checked. */
const stripTypes = `
const { readFileSync, writeFileSync } = require('node:fs')
try {
  writeFileSync('main.js', require('node:module').stripTypeScriptTypes(readFileSync('main.ts', 'utf8'), { mode: 'transform', sourceUrl: 'main.ts' }))
} catch (error) {
  process.stderr.write(String(error.stack ?? error).split('\\n    at ')[0] + '\\n')
  process.exitCode = 1
}`.trim()
const typescript: LanguageSpec = {
  ...node,
  id: 'typescript',
  name: 'TypeScript (Node.js)',
  sourceFile: 'main.ts',
  compile: [`${nodeFolder}/node`, ...quietly, '-e', stripTypes],
  run: [...nodeRun, 'main.js'],
  probe: javascript.probe,
}

const python: LanguageSpec = {
  id: 'python',
  name: 'Python 3',
  sourceFile: 'main.py',
  image: 'python-judge',
  timeFactor: 2,
  onlyChecks: true,
  compile: ['/usr/bin/python3', '-I', '-S', '-c', 'import sys; compile(open("{source}", "rb").read(), "{source}", "exec", dont_inherit=True)'],
  run: ['/usr/bin/python3', '-B', '{source}'],
  probe: ['/usr/bin/python3', '-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'],
  outOfMemory: 'MemoryError',
}
const pypy: LanguageSpec = {
  ...python,
  id: 'pypy',
  name: 'Python 3 (PyPy)',
  image: 'pypy-judge',
  memoryBesideMiB: 64,
  compile: ['/usr/bin/pypy3', ...(python.compile?.slice(1) ?? [])],
  run: ['/usr/bin/pypy3', '-B', '{source}'],
  probe: ['/usr/bin/pypy3', '-c', 'import sys; print("%d.%d.%d for Python %d.%d" % (sys.pypy_version_info[:3] + sys.version_info[:2]))'],
}

/** Toolchains that many machines have beside the system's: never one in a user's home, which programs must not see. */
const searched = ['/usr/bin/env', 'PATH=/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin']
const go: LanguageSpec = {
  id: 'go',
  name: 'Go',
  sourceFile: 'main.go',
  compiledTogether: ['.go'],
  image: 'go-judge',
  timeFactor: 1,
  memoryBesideMiB: 32,
  compileMemoryMiB: 1024,
  ownThreads: 32,
  compile: [
    ...searched,
    'CGO_ENABLED=0',
    'GO111MODULE=off',
    'GOTOOLCHAIN=local',
    'GOCACHE=/tmp/go',
    'GOPATH=/tmp/go-path',
    'go',
    'build',
    '-o',
    'main',
    '{source}',
  ],
  run: ['./main'],
  probe: [...searched, '/bin/sh', '-c', 'GOTOOLCHAIN=local HOME=/nonexistent go env GOVERSION | cut -c3-'],
}
const rust: LanguageSpec = {
  id: 'rust',
  name: 'Rust 2021',
  sourceFile: 'main.rs',
  image: 'rust-judge',
  timeFactor: 1,
  compileMemoryMiB: 1024,
  compile: [...searched, 'rustc', '--edition=2021', '-Copt-level=2', '-Ccodegen-units=1', '--crate-type=bin', '-o', 'main', '{source}'],
  run: ['./main'],
  probe: [...searched, '/bin/sh', '-c', "rustc --version | cut -d' ' -f2"],
  outOfMemory: 'memory allocation of',
}

/** In the order in which pupils are offered them. */
export const languages: readonly LanguageSpec[] = [
  python,
  cpp({ id: 'cpp', name: 'C++17', standard: 'gnu++17' }),
  cpp({ id: 'cpp20', name: 'C++20', standard: 'gnu++20' }),
  cpp({ id: 'cpp23', name: 'C++23', standard: 'gnu++23' }),
  c,
  java,
  javascript,
  typescript,
  go,
  rust,
  pypy,
]
/** What output-only problems are handed in as (`JudgingMode`): no toolchain, so no row. It is the only language of such a problem, and of no other. */
export const textLanguage = 'text'
export const languageById = (id: string): LanguageSpec | undefined => languages.find((language) => language.id === id)
