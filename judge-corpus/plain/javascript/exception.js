/*
about: reads a property of undefined
expect: RE
limits: { memoryMiB: 128 }
says: TypeError
*/
console.log(undefined.length)
