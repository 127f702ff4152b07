/*
about: a program that is its compile log - tries to carry the secret out in a message of the compiler
expect: CE
*/
#define TEXT(x) #x
#define SAY(x) _Pragma(TEXT(message(TEXT(x))))
#include "@secret@"
SAY(SECRET)
static_assert(sizeof(SECRET) == 1, "how long it is");
int main() {}
