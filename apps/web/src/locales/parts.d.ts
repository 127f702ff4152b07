/** The parts that the build makes of en.json (build-plugins.ts). */
declare module '*.json?part=first' {
  const texts: import('../lib/translate.ts').Texts
  export = texts
}
declare module '*.json?part=room' {
  const texts: import('../lib/translate.ts').Texts
  export = texts
}
declare module '*.json?part=own' {
  const texts: import('../lib/translate.ts').Texts
  export = texts
}
declare module '*.json?part=board' {
  const texts: import('../lib/translate.ts').Texts
  export = texts
}
declare module '*.json?part=later' {
  const texts: import('../lib/translate.ts').Texts
  export = texts
}
