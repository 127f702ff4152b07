import { ZipFile } from 'yazl'

/** A zip of texts, as an honest tool makes it. */
export async function zipOf(files: Readonly<Record<string, string | Buffer>>, options: { mode?: number } = {}): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [path, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), path, options.mode === undefined ? {} : { mode: options.mode })
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** The same bytes with every `from` replaced by `to` of the same length: names that no honest tool writes. */
export function renamed(zip: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new Error('names of one length')
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1')
}

/** Changes the central directory's record of the first entry: what a reader believes of it. */
export function tampered(zip: Buffer, change: (record: Buffer) => void): Buffer {
  const copy = Buffer.from(zip)
  const at = copy.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
  change(copy.subarray(at))
  return copy
}

export const aPackage = {
  'problem.yaml':
    'problem_format_version: legacy\nname: Doubling\nvalidator_flags: float_tolerance 1e-6\nlimits:\n  time_limit: 1.5\n  memory: 128\nkeywords: easy arithmetic\n',
  'problem_statement/problem.en.md': 'Double $x$.\n\n![picture](cat.png)\n',
  'data/sample/1.in': '1\n',
  'data/sample/1.ans': '2\n',
  'data/sample/1.desc': 'Twice *one*.',
  'data/secret/02.in': '21\n',
  'data/secret/02.ans': '42\n',
  'data/secret/group/01.in': '5\n',
  'data/secret/group/01.ans': '10\n',
  'submissions/accepted/main.py': 'print(2*int(input()))\n',
} as const
