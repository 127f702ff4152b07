import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readJavaSource } from './java-source.ts'

const main = 'public static void main(String[] args) {}'
const names = (source: string) => {
  const read = readJavaSource(source)
  return 'refusal' in read ? read.refusal : [read.fileName, read.entryClass]
}

describe('the names in a Java source', () => {
  const cases: readonly [title: string, source: string, fileName: string, entryClass: string][] = [
    ['a public class', `import java.util.*;\npublic class Solution { ${main} }`, 'Solution.java', 'Solution'],
    ['no public class', `class Helper {} class Program { ${main} }`, 'Main.java', 'Program'],
    ['a public class whose main lies elsewhere', `class Start { ${main} } public class Tool {}`, 'Tool.java', 'Start'],
    ['two with main: the public one', `class A { ${main} } public class B { ${main} }`, 'B.java', 'B'],
    [
      'words in comments and strings',
      `// public class No {\n/* public class Not { */ public class Yes { String s = "} public class Never {"; ${main} }`,
      'Yes.java',
      'Yes',
    ],
    ['braces and quotes in characters', `public class Q { char a = '"', b = '{', c = '\\''; ${main} } class public_ {}`, 'Q.java', 'Q'],
    ['a text block', `public class T { String s = """\n } public class X { "quoted" \\""" still """; ${main} }`, 'T.java', 'T'],
    ['an annotation with a class in it', `@Foo(value = Bar.class, more = {1, 2}) public final class A { ${main} }`, 'A.java', 'A'],
    ['an inner class with a main', `class Outer { static class Inner { ${main} } } class Real { ${main} }`, 'Main.java', 'Real'],
    ['an enum, a record, an interface', `enum E { X } record R(int a) {} public interface I { static void main(String... a) {} }`, 'I.java', 'I'],
    ['main with final and varargs', 'class A { static void main(int x) {} } class B { static public void main(final String... a) {} }', 'Main.java', 'B'],
    ['a generic class', `public class Box<T extends Comparable<T>> { ${main} }`, 'Box.java', 'Box'],
    ['sealed and strictfp', `public sealed abstract strictfp class S permits T { ${main} } final class T extends S {}`, 'S.java', 'S'],
    ['nobody has main: Java itself will say so', 'class First {} class Second {}', 'Main.java', 'First'],
    ['an unended comment', `public class A { ${main} } /* class B {`, 'A.java', 'A'],
    ['unicode escapes', `\\u0070ublic class \\u0041b { ${main} }`, 'Ab.java', 'Ab'],
    ['an escaped backslash before a u', `class A { String s = "\\\\u0022; } public class B {"; ${main} }`, 'Main.java', 'A'],
    ['letters of another script, not public', `class Muraho₣é { ${main} }`, 'Main.java', 'Muraho₣é'],
  ]
  for (const [title, source, ...expected] of cases) it(title, () => assert.deepEqual(names(source), expected))

  it('a package statement is blanked out, and every line and column stays', () => {
    const source = `/* package no; */ @Deprecated package\n  rw.\\u0061rena .x ; import java.util.*;\npublic class A { ${main} }`
    const read = readJavaSource(source)
    assert.ok(!('refusal' in read))
    assert.equal(read.source.length, source.length)
    assert.match(read.source, /^\/\* package no; \*\/ @Deprecated {8}\n {21}import java\.util/)
    assert.deepEqual([read.fileName, read.source.slice(-40)], ['A.java', source.slice(-40)])
    assert.equal((readJavaSource('class A { int package_; }') as { source: string }).source, 'class A { int package_; }')
  })
  it('what cannot name a file is refused in words for its author', () => {
    assert.match(String(names('public class É {}')), /public class É: use at most 80 Latin/)
    assert.match(String(names(`public class ${'A'.repeat(5000)} {}`)), /^.{10,200}$/)
    assert.match(String(names('public class A$B {}')), /Latin/)
    for (const nothing of ['', ' ', '// class A {}', '"class A {}"', 'int x = 1;']) assert.match(String(names(nothing)), /no class/)
  })
  it('a name that is no identifier never gets out, whatever the text', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom('public', 'class', ' ', '{', '}', '"', "'", '/*', '*/', '../', '-jar', '@', '\\u002f', 'main', '\0', ';', '"""'),
            fc.string(),
          ),
        ),
        (parts) => {
          const read = readJavaSource(parts.join(''))
          if ('refusal' in read) return
          assert.match(read.fileName, /^[A-Za-z_][A-Za-z0-9_]{0,79}\.java$/)
          assert.match(read.entryClass, /^[\p{L}\p{Nl}\p{Sc}\p{Pc}][\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mn}\p{Mc}]*$/u)
        },
      ),
      { numRuns: 2000 },
    ))
  it('long and nasty sources take linear time', () => {
    for (const nasty of [
      '"""\\'.repeat(16_000),
      '/*'.repeat(32_000),
      '{'.repeat(65_000),
      'class '.repeat(11_000),
      '\\u005c'.repeat(11_000),
      'static '.repeat(9000),
    ]) {
      const started = performance.now()
      readJavaSource(nasty)
      assert.ok(performance.now() - started < 5000)
    }
  })
})
