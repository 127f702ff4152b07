import { type Api, ApiError, errorOf } from './api-client.ts'

/** Fetches a file that takes a login, and saves it under `name` as a press on a link would. Throws ApiError like any call. */
export async function download(api: Pick<Api, 'accessToken'>, { url, name }: { readonly url: string; readonly name: string }): Promise<void> {
  const token = await api.accessToken()
  let answer: Response
  try {
    answer = await fetch(url, token ? { headers: { authorization: `Bearer ${token}` } } : {})
  } catch (cause) {
    throw new ApiError('NETWORK', 'The arena cannot be reached.', { cause })
  }
  if (!answer.ok) throw errorOf(answer.status, await answer.json().catch(() => undefined))
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  // the browser has begun to read it by then; at once, some would save nothing
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
