/** Content-addressed, immutable blobs: packages, test data, images. The name of a blob is the lower-case hex SHA-256 of its bytes. */
export interface Files {
  /** Stores what the stream yields and answers with its digest and size. Durable when it resolves; storing the same content twice is one blob. */
  put(content: AsyncIterable<Uint8Array> | Uint8Array): Promise<{ digest: string; size: number }>
  /**
   * The bytes end only when they were those of the digest; of a blob that was damaged the last chunk is followed by a `FilesError` instead.
   * So whoever keeps what it reads keeps it after the end. @returns undefined when there is no such blob. @throws on a malformed digest.
   */
  get(digest: string): Promise<AsyncIterable<Uint8Array> | undefined>
  has(digest: string): Promise<boolean>
}

/** `later`: the store cannot be reached or is overloaded, after the adapter's own tries. `never`: a wrong key, a missing bucket, a damaged blob. */
export class FilesError extends Error {
  override readonly name = 'FilesError'
  readonly retry: 'later' | 'never'
  constructor(message: string, options: { retry: 'later' | 'never'; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.retry = options.retry
  }
}
