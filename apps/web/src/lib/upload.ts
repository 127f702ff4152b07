import type { Answer, Api } from './api-client.ts'
import { ApiError, errorOf } from './api-client.ts'

export type UploadInput = { readonly file: File; readonly onProgress: (share: number) => void }

/** Sends a package with progress, in [0, 1], which `fetch` cannot tell. Throws ApiError like any call. */
export async function uploadPackage(api: Pick<Api, 'accessToken'>, { file, onProgress }: UploadInput): Promise<Answer<'POST /api/problems/import'>> {
  const token = await api.accessToken()
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/problems/import')
    request.setRequestHeader('content-type', 'application/zip')
    if (token) request.setRequestHeader('authorization', `Bearer ${token}`)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onerror = () => reject(new ApiError('NETWORK', 'The arena cannot be reached.'))
    request.onload = () => {
      let body: unknown
      try {
        body = JSON.parse(request.responseText)
      } catch {
        body = undefined
      }
      if (request.status === 201) resolve(body as Answer<'POST /api/problems/import'>)
      else reject(errorOf(request.status, body))
    }
    request.send(file)
  })
}
