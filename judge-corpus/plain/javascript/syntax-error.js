/*
about: lacks a bracket
expect: CE
says: SyntaxError
*/
console.log((1 + 2)
