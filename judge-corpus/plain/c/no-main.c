/*
about: has no main
expect: CE
*/
int mine(void) { return 0; }
