import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logPieces } from './compile-places.ts'

const placesIn = (log: string) => logPieces(log, 20).flatMap(({ text, line, column }) => (line === undefined ? [] : [[text, line, column] as const]))

test('each tool’s way to name a line is understood', () => {
  const logs: readonly (readonly [string, string, number, number | undefined])[] = [
    ["main.cpp:3:5: error: 'x' was not declared", 'main.cpp:3:5', 3, 5],
    ['Main.java:7: error: cannot find symbol', 'Main.java:7', 7, undefined],
    ["main.ts(4,9): error TS2304: Cannot find name 'y'.", 'main.ts(4,9)', 4, 9],
    ['./main.go:6:2: undefined: z', './main.go:6:2', 6, 2],
    [' --> main.rs:2:13', 'main.rs:2:13', 2, 13],
    ['  File "/box/main.py", line 5, in <module>', 'File "/box/main.py", line 5', 5, undefined],
    ['/box/main.js:9', '/box/main.js:9', 9, undefined],
  ]
  for (const [log, text, line, column] of logs) assert.deepEqual(placesIn(log), [[text, line, column]], log)
})

test('a place in a library, or beyond the program, is text', () => {
  for (const log of [
    '/usr/include/c++/12/iostream:9:1',
    '/usr/include/x.c:3:1: note',
    'File "/usr/lib/python3.11/ast.py", line 5',
    'main.c:99:1',
    'at 12:30:05',
  ])
    assert.deepEqual(placesIn(log), [], log)
})

test('nothing of the message is lost', () => {
  const log = 'In file\nmain.c:3:1: warning\n/usr/include/x.c:3: note\nmain.c:4:2: error: <b>'
  assert.equal(
    logPieces(log, 5)
      .map(({ text }) => text)
      .join(''),
    log,
  )
  assert.equal(placesIn(log).length, 2)
})
