/** What a user can cause is a value, never a throw: a decision answers with one of these two. */
export type Ok<T> = { readonly ok: true; readonly value: T }
export type Failed<E> = { readonly ok: false; readonly error: E }
export type Result<T, E> = Ok<T> | Failed<E>

export const ok = <const T>(value: T): Ok<T> => ({ ok: true, value })
export const fail = <const E>(error: E): Failed<E> => ({ ok: false, error })
