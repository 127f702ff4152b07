/** The digests of all blobs that this service's rows name, for whoever backs up or moves an arena: a column `digest`. */
export const blobDigestsSql = 'select digest from contest.test_data order by digest'
