/** Text for people: no control characters but line breaks and tabs, and what is no UTF-8 replaced. */
export const printable = (content: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(content).replace(/[^\P{Cc}\t\n]/gu, '\ufffd')
