import { Button } from './button.tsx'

/** Text as a file of this device. Made in the page: nothing is fetched, and it works without a line. */
export function DownloadButton({ text, name, children }: { readonly text: string; readonly name: string; readonly children: string }) {
  const download = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
  return (
    <Button small tone="quiet" icon="download" onPress={download}>
      {children}
    </Button>
  )
}
