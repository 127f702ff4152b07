/*
about: compiles and cannot be linked
expect: CE
says: undefined reference
*/
int nowhere_to_be_found(void);
int main(void) { return nowhere_to_be_found(); }
