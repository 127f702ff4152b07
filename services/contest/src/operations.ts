export { writePackage } from './usecases/export-package.ts'
export { importPackage } from './usecases/import-package.ts'

/** The digests of all blobs that this service's rows name, for whoever backs up or moves an arena: a column `digest`. */
export const blobDigestsSql = 'select digest from contest.test_data union select digest from contest.package_files order by digest'
