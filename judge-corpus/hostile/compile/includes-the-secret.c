/*
about: includes a file of the host that everybody may read
expect: CE
escapesBare: true
*/
#include "@secret@"
#include <stdio.h>
int main(void) { puts(SECRET); }
