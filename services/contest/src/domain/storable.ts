/**
 * Whether a JSON value can be kept in the database as it is: PostgreSQL refuses the character U+0000 and halves of surrogate pairs, which JSON may hold.
 * Without this check such text would be a fault of ours (500) instead of a bad request.
 */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\u0000')
  if (Array.isArray(value)) return value.every(isStorable)
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isStorable)
  return true
}
