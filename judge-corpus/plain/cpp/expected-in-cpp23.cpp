/*
about: std::expected, which is C++23
expect: AC
language: cpp23
tests: [{ out: "42 wrong\n" }]
*/
#include <expected>
#include <iostream>
#include <string>
std::expected<int, std::string> half(int n) {
  if (n % 2) return std::unexpected("wrong");
  return n / 2;
}
int main() { std::cout << half(84).value() << ' ' << half(3).error() << "\n"; }
