/** Quantities that do not compile when mixed. Wire and SQL names carry the unit; inside, the type does. */
declare const unit: unique symbol
type Quantity<Unit extends string> = number & { readonly [unit]: Unit }

export type Ms = Quantity<'ms'>
export type Bytes = Quantity<'bytes'>

export const ms = (n: number) => n as Ms
export const seconds = (n: number) => (n * 1000) as Ms
export const minutes = (n: number) => (n * 60_000) as Ms
export const bytes = (n: number) => n as Bytes
export const kibibytes = (n: number) => (n * 1024) as Bytes
export const mebibytes = (n: number) => (n * 1024 ** 2) as Bytes
