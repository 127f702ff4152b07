/*
about: throws what nobody catches
expect: RE
limits: { memoryMiB: 128 }
says: the reason
*/
const fail = (why: string): never => { throw new Error(why) }
fail('the reason')
