/*
about: has an enum and a parameter property, which become code
expect: AC
limits: { memoryMiB: 128 }
tests: [{ out: "2 blue\n" }]
*/
enum Colour { Red, Green, Blue }
class Named { constructor(readonly name: string) {} }
console.log(Colour.Blue, new Named('blue').name)
