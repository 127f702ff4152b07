/** The name under which a contest's results are saved: of letters that every file system and every mail program takes. */
export function resultsName(title: string, format: 'csv' | 'xlsx'): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
    .replace(/\s+/g, '-')
    .slice(0, 60)
  return `${plain || 'contest'}-results.${format}`
}
