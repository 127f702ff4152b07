/*
about: ends well and says nothing
expect: WA
tests: [{ in: "1 2\n", out: "3\n" }]
says: ends where
*/
int main(void) { return 0; }
