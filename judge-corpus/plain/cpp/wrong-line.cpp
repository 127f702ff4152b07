/*
about: is wrong in the thousandth line
expect: WA
tests:
  - out: { repeat: "7\n", times: 2000 }
*/
#include <iostream>
int main() {
  for (int i = 1; i <= 2000; i++) std::cout << (i == 1000 ? 8 : 7) << "\n";
}
