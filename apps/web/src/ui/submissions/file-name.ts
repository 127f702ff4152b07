import type { Submission } from '#contracts/submission'

const endings: Readonly<Record<string, string>> = {
  ...{ c: 'c', cpp: 'cpp', cpp20: 'cpp', cpp23: 'cpp', python: 'py', pypy: 'py', java: 'java', javascript: 'js', typescript: 'ts', go: 'go', rust: 'rs' },
}
/** `submission-7f2e47ed.py`: the same each time, and no two the same in one folder. */
export const fileNameOf = ({ id, language = '' }: Pick<Submission, 'id' | 'language'>) =>
  `submission-${id.slice(-8)}.${Object.hasOwn(endings, language) ? endings[language] : 'txt'}`
