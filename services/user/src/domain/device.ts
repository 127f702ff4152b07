/**
 * What a browser's User-Agent says of itself, as far as a person knows their own device by it: product names, no versions. It may say anything, so it is
 * shown and never relied on; only names of this list are kept, not what was sent.
 */
export type Device = { readonly browser?: string; readonly system?: string }

type Known = readonly (readonly [name: string, sign: RegExp])[]
/** The first that fits: each browser also calls itself by the names of those it wants to be taken for. */
const browsers: Known = [
  ['Opera Mini', /Opera Mini/],
  ['UC Browser', /UCBrowser|UBrowser/],
  ['Samsung Internet', /SamsungBrowser/],
  ['Edge', /Edg(?:e|A|iOS)?\//],
  ['Opera', /OPR\/|Opera/],
  ['Firefox', /Firefox\/|FxiOS/],
  ['Chrome', /Chrome\/|CriOS|Chromium/],
  ['Safari', /Safari\//],
]
const systems: Known = [
  ['KaiOS', /KAIOS/],
  ['Android', /Android/],
  ['iPhone', /iPhone|iPod/],
  ['iPad', /iPad/],
  ['ChromeOS', /CrOS/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X|Macintosh/],
  ['Linux', /Linux|X11/],
]
const nameIn = (known: Known, text: string) => known.find(([, sign]) => sign.test(text))?.[0]

export function deviceOf(userAgent: string | undefined): Device {
  const text = (userAgent ?? '').slice(0, 500)
  const [browser, system] = [nameIn(browsers, text), nameIn(systems, text)]
  return { ...(browser && { browser }), ...(system && { system }) }
}
