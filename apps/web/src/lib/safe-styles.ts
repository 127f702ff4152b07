/**
 * The content policy forbids style attributes, and KaTeX writes them: they become `data-style`, which a script may set as the element's style. In HTML
 * of ours a quotation mark in a text is `&quot;`, so that ` style="` occurs in tags alone.
 */
export const withoutStyles = (html: string): string => html.replaceAll(' style="', ' data-style="')

/**
 * Whether a formula means more than MathML Core shows: a frame or a stroke through something, bold or blackboard letters by attribute, lines in a table.
 * The rest is drawn well enough by the browser, which costs no styles and no fonts.
 */
export const mathNeedsStyles = (html: string): boolean => /<menclose|mathvariant="(?!normal|italic)|(?:column|row)lines="[^"]*(?:solid|dashed)/.test(html)
