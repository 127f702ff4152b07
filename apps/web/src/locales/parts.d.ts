/** The two parts that the build makes of en.json (build-plugins.ts). */
declare module '*.json?part=first' {
  const texts: Record<string, unknown>
  export = texts
}
declare module '*.json?part=later' {
  const texts: Record<string, unknown>
  export = texts
}
