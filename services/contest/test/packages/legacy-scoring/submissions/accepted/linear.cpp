#include <algorithm>
#include <iostream>
int main() {
  int n;
  std::cin >> n;
  long long best = 0, now = 0, x;
  while (n-- > 0 && std::cin >> x) now = std::max(0LL, now + x), best = std::max(best, now);
  std::cout << best << "\n";
}
