/** What is used of it; the package has no types. */
declare module 'subset-font' {
  const subsetFont: (font: Buffer, text: string, options: { readonly targetFormat: 'woff2' }) => Promise<Buffer>
  export = subsetFont
}
