/** What a program begins as: reads the problem's input from stdin and compiles as it stands, so that the first minutes go to the problem. Words are in `say`. */

/** Text of a comment, in the reader's language. */
type Say = { readonly readHere: string; readonly writeHere: string }

const cpp = ({ readHere, writeHere }: Say) => `#include <bits/stdc++.h>
using namespace std;

int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);

    // ${readHere}
    int n;
    cin >> n;

    // ${writeHere}
    cout << n << "\\n";
    return 0;
}
`

const templates: Readonly<Record<string, (say: Say) => string>> = {
  c: ({ readHere, writeHere }) => `#include <stdio.h>

int main(void) {
    // ${readHere}
    int n;
    scanf("%d", &n);

    // ${writeHere}
    printf("%d\\n", n);
    return 0;
}
`,
  cpp,
  cpp20: cpp,
  cpp23: cpp,
  python: ({ readHere, writeHere }) => `import sys


def main():
    # ${readHere}
    data = sys.stdin.read().split()
    n = int(data[0])

    # ${writeHere}
    print(n)


main()
`,
  java: ({ readHere, writeHere }) => `import java.io.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));

        // ${readHere}
        StringTokenizer words = new StringTokenizer(in.readLine());
        int n = Integer.parseInt(words.nextToken());

        // ${writeHere}
        System.out.println(n);
    }
}
`,
  javascript: ({ readHere, writeHere }) => `const words = require('fs').readFileSync(0, 'utf8').split(/\\s+/).filter(Boolean)

// ${readHere}
const n = Number(words[0])

// ${writeHere}
console.log(n)
`,
  typescript: ({ readHere, writeHere }) => `import { readFileSync } from 'fs'

const words: string[] = readFileSync(0, 'utf8').split(/\\s+/).filter(Boolean)

// ${readHere}
const n: number = Number(words[0])

// ${writeHere}
console.log(n)
`,
  go: ({ readHere, writeHere }) => `package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	in := bufio.NewReader(os.Stdin)

	// ${readHere}
	var n int
	fmt.Fscan(in, &n)

	// ${writeHere}
	fmt.Println(n)
}
`,
  rust: ({ readHere, writeHere }) => `use std::io::{self, Read};

fn main() {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input).unwrap();
    let mut words = input.split_ascii_whitespace();

    // ${readHere}
    let n: i64 = words.next().unwrap().parse().unwrap();

    // ${writeHere}
    println!("{}", n);
}
`,
}

const sameAs: Readonly<Record<string, string>> = { pypy: 'python' }

/** Empty where there is none: an output handed in as text, a language that came later. */
export const templateOf = (language: string, say: Say): string => {
  const name = sameAs[language] ?? language
  return (Object.hasOwn(templates, name) && templates[name]?.(say)) || ''
}
