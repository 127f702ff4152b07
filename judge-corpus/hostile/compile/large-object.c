/*
about: a program of two gigabytes, all zeros but the first
expect: CE
*/
char large[2000000000] = {1};
int main(void) { return large[5]; }
