/** Content-addressed, immutable blobs: packages, test data, images. The name of a blob is the lower-case hex SHA-256 of its bytes. */
export interface Files {
  /** Stores what the stream yields and answers with its digest and size. Durable when it resolves; storing the same content twice is one blob. */
  put(content: AsyncIterable<Uint8Array> | Uint8Array): Promise<{ digest: string; size: number }>
  /** @returns undefined when there is no such blob. @throws on a malformed digest. */
  get(digest: string): Promise<AsyncIterable<Uint8Array> | undefined>
  has(digest: string): Promise<boolean>
}
