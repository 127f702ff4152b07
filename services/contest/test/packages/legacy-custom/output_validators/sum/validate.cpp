#include "feedback.h"
#include <cstring>
#include <fstream>
#include <iostream>

int main(int argc, char** argv) {
  std::ifstream in(argv[1]);
  long long n, a, b;
  in >> n;
  bool any = false;
  for (int at = 4; at < argc; at++) any |= std::strcmp(argv[at], "any") == 0;
  if (!(std::cin >> a >> b)) return reject(argv[3], "two numbers are missing");
  std::string more;
  if (std::cin >> more) return reject(argv[3], "something is behind the numbers");
  if (a + b != n) return reject(argv[3], "the sum is another");
  if (!any && (a < 1 || b < 1)) return reject(argv[3], "not positive");
  return 42;
}
