/*
about: throws what nobody catches
expect: RE
says: SIGABRT[\s\S]*out_of_range
*/
#include <stdexcept>
#include <vector>
int main() { return std::vector<int>(3).at(5); }
