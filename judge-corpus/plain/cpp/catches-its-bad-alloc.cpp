/*
about: asks for more than any machine has, catches the exception and goes on
expect: AC
tests: [{ out: "caught\n" }]
*/
#include <iostream>
#include <new>
int main() {
  try {
    volatile std::size_t size = std::size_t(1) << 60;
    static char *volatile memory = new char[size];
    delete[] memory;
  } catch (const std::bad_alloc &) {
    std::cout << "caught\n";
  }
}
