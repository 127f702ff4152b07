/*
about: says 2 MB line by line
expect: AC
tests:
  - out: { repeat: "1234567890\n", times: 200000 }
*/
#include <iostream>
int main() {
  for (int i = 0; i < 200000; i++) std::cout << "1234567890\n";
}
