/*
about: ends with exit code 139, which a shell would call a segmentation fault
expect: RE
says: exit code 139
*/
int main(void) { return 139; }
