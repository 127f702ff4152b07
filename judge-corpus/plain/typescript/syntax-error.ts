/*
about: is no TypeScript
expect: CE
*/
const a: = 5
