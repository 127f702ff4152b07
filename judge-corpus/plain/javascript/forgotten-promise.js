/*
about: lets a promise fail
expect: RE
limits: { memoryMiB: 128 }
says: the reason
*/
Promise.reject(new Error('the reason'))
