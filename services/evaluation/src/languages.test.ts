import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { languages } from '#contracts/languages'
import type { Sandbox } from '#ports/sandbox'
import { noTestSandbox, openTestSandbox } from '#testkit/sandbox'
import { aPlusB, calm, jobFor, type Problem, sourceIn } from '../test/judging.ts'
import { evaluate } from './usecases/evaluate.ts'

const folder = mkdtempSync(join(tmpdir(), 'arena-languages-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Looked at before any test is declared, so that what is skipped says so by name. */
const missing = (id: string): string | false => {
  const { probe = [], name = id } = languages.find((language) => language.id === id) ?? {}
  if (noTestSandbox !== false) return noTestSandbox
  if (['javascript', 'typescript'].includes(id)) return false // the Node that runs this
  try {
    if (execFileSync(probe[0] ?? '', probe.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() !== '') return false
  } catch {
    // said below
  }
  return `${name} is not installed`
}

const javaProgram = (body: string) =>
  `import java.util.*;\npublic class Main {\n${body}\npublic static void main(String[] args) throws Exception { run(); System.out.println(3); } }`
const threes: Problem = { tests: [['', '3\n']] }
const roomy: Problem = { ...threes, limits: { memoryBytes: 256 * 1024 ** 2 } }

type Case = readonly [title: string, source: string, verdict: string, said?: RegExp | undefined, problem?: Problem]
const cases: Readonly<Record<string, readonly Case[]>> = {
  cpp23: [
    [
      'A+B',
      '#include <cstdio>\nint main() { auto a = 0uz; if consteval { a = 1; } int x, y; std::scanf("%d%d", &x, &y); std::printf("%d", x + y + int(a)); }',
      'AC',
    ],
  ],
  cpp: [['an allocation that is refused', '#include <vector>\nint main() { std::vector<int> v(1ull << 45); }', 'MLE', /bad_alloc/]],
  python: [
    ['an allocation that is refused', 'x = bytearray(10 ** 15)', 'MLE', /MemoryError/],
    [
      'deep recursion',
      'import sys\nsys.setrecursionlimit(10 ** 7)\ndef d(n): return 0 if n == 0 else 1 + d(n - 1)\nprint(d(100000) - 99997)',
      'AC',
      undefined,
      threes,
    ],
    ['a program that has run out of something else', 'raise ValueError("out of ideas")', 'RE', /ValueError/],
  ],
  java: [
    [
      'A+B in a class of any name',
      'import java.util.*;\npublic class Sum { public static void main(String[] a) { Scanner s = new Scanner(System.in); System.out.println(s.nextInt() + s.nextInt()); } }',
      'AC',
      undefined,
      { tests: aPlusB.tests.slice(0, 2) },
    ],
    [
      'a package, inner classes, records, lambdas',
      `package rw.huye.school;\n${javaProgram('static class In {} record R(int a) {} static void run() { new In(); new R(1); Runnable r = () -> {}; new Thread(r).start(); }')}`,
      'AC',
      undefined,
      threes,
    ],
    ['no class', '// nothing', 'CE', /declares no class/],
    ['a class named to leave the folder', 'public class ../../etc/passwd { }', 'CE', /error|Latin|no class/],
    ['a class with a name of another script', 'public class Éa { }', 'CE', /Latin/],
    ['wrong syntax', 'public class Main { int x = ; }', 'CE', /Main\.java:1: error/],
    ['a package that is not there', 'import lombok.Data;\npublic class Main {}', 'CE', /does not exist/],
    ['no main', 'public class Main { }', 'RE', /Main method not found/],
    [
      'a heap used up',
      javaProgram('static void run() { List<long[]> l = new ArrayList<>(); while (true) l.add(new long[10000]); }'),
      'MLE',
      /OutOfMemoryError/,
      threes,
    ],
    ['an array larger than the heap', javaProgram('static void run() { int[] x = new int[Integer.MAX_VALUE]; }'), 'MLE', /OutOfMemoryError/, threes],
    ['the exit code that Java itself takes then', javaProgram('static void run() { System.exit(3); }'), 'RE', /exit code 3/, threes],
    ['an exception', javaProgram('static void run() { throw new IllegalStateException("oops"); }'), 'RE', /IllegalStateException: oops/, threes],
    [
      'more threads than are allowed',
      javaProgram('static void run() { for (int i = 0; i < 2000; i++) new Thread(() -> { try { Thread.sleep(500); } catch (Exception e) {} }).start(); }'),
      'RE',
      /native thread/,
      threes,
    ],
    [
      'a million calls deep',
      javaProgram('static int d(int n) { return n == 0 ? 0 : 1 + d(n - 1); } static void run() { d(1000000); }'),
      'AC',
      undefined,
      roomy,
    ],
    ['an endless loop', javaProgram('static void run() { while (true); }'), 'TLE', /CPU/, { ...threes, limits: { cpuMs: 150 } }],
    ['random numbers for keys', javaProgram('static void run() { UUID.randomUUID(); new java.security.SecureRandom().nextInt(); }'), 'AC', undefined, threes],
  ],
  javascript: [
    ['A+B with require', 'const [a, b] = require("fs").readFileSync(0, "utf8").split(" ").map(Number)\nconsole.log(a + b)', 'AC'],
    [
      'A+B with import',
      'import { readFileSync } from "node:fs"\nconst [a, b] = readFileSync("/dev/stdin", "utf8").split(" ").map(Number)\nawait 1\nconsole.log(a + b)',
      'AC',
    ],
    ['wrong syntax', 'let a = ;', 'CE', /SyntaxError/],
    ['an exception', 'throw new Error("oops")', 'RE', /Error: oops/],
    ['a heap used up', 'const l = []; while (true) l.push(new Array(1000).fill(1.5))', 'MLE', /too much memory/],
    ['buffers beside the heap', 'const l = []; for (;;) l.push(Buffer.alloc(1 << 20, 1))', 'MLE'],
    ['a million calls deep', 'const d = (n) => (n ? 1 + d(n - 1) : 0); d(1000000); console.log(3)', 'AC', undefined, roomy],
    ['endless recursion', 'const d = (n) => 1 + d(n + 1); d(0)', 'RE', /call stack/],
    [
      'workers',
      'const { Worker } = require("worker_threads"); let n = 0; for (let i = 0; i < 3; i++) new Worker("1", { eval: true }).on("exit", () => ++n === 3 && console.log(3))',
      'AC',
      undefined,
      threes,
    ],
  ],
  typescript: [
    [
      'A+B with an enum, a namespace and a parameter property',
      'import * as fs from "fs"\nenum Sign { Plus = 1 }\nnamespace Maths { export const add = (a: number, b: number): number => a * Sign.Plus + b }\nclass Pair { constructor(readonly a: number, readonly b: number) {} }\nconst [a, b]: number[] = fs.readFileSync(0, "utf8").split(" ").map(Number)\nconst pair = new Pair(a, b)\nconsole.log(Maths.add(pair.a, pair.b))',
      'AC',
    ],
    ['wrong syntax', 'const a = 1\nlet y: = 3', 'CE', /main\.ts:2[\s\S]*SyntaxError/],
    ['60 KB of nested types', `type T = ${'['.repeat(30_000)}${']'.repeat(30_000)}\nconsole.log(3)`, 'CE'],
    ['an exception', 'throw new Error("oops" as string)', 'RE', /Error: oops/],
  ],
  go: [
    ['A+B', 'package main\nimport "fmt"\nfunc main() { var a, b int; fmt.Scan(&a, &b); fmt.Println(a + b) }', 'AC'],
    ['wrong syntax', 'package main\nfunc main() {', 'CE', /main\.go/],
  ],
  rust: [
    [
      'A+B',
      'use std::io::*;\nfn main() { let mut s = String::new(); stdin().read_to_string(&mut s).unwrap(); let n: i64 = s.split_whitespace().map(|x| x.parse::<i64>().unwrap()).sum(); println!("{}", n); }',
      'AC',
    ],
    ['a secret file', 'fn main() { print!("{}", include_str!("/etc/shadow")); }', 'CE', /main\.rs/],
  ],
  pypy: [['A+B', 'print(sum(map(int, input().split())))', 'AC']],
}

describe('languages, judged in a real sandbox', { skip: noTestSandbox }, () => {
  let sandbox: Sandbox
  before(async () => {
    sandbox = await openTestSandbox(join(folder, 'boxes'))
  })
  after(() => sandbox.close())
  for (const [language, ofLanguage] of Object.entries(cases)) {
    const title = ['go', 'rust', 'pypy'].includes(language) ? `${language}, where it is installed` : language // CI excuses these by that name
    describe(title, { skip: missing(language) }, () => {
      for (const [name, source, verdict, said, problem = aPlusB] of ofLanguage) {
        it(`${name} is ${verdict}`, async () => {
          const outcome = await evaluate({ source: sourceIn(folder, problem), sandbox }, jobFor(language, source), calm())
          const words = outcome.compileLog ?? outcome.tests[0]?.detail ?? ''
          assert.equal(outcome.verdict, verdict, words)
          if (said !== undefined) assert.match(words, said)
          assert.match(outcome.provenance.toolchain, new RegExp(`^${language} \\d+\\.\\S+.* [0-9a-f]{12}$`))
        })
      }
    })
  }
})
