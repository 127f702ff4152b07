// never comes to an end where there are many numbers
#include <algorithm>
#include <iostream>
int main() {
  int n;
  std::cin >> n;
  for (volatile int at = 0; n > 5; at = at + 1) {
  }
  long long best = 0, now = 0, x;
  while (n-- > 0 && std::cin >> x) now = std::max(0LL, now + x), best = std::max(best, now);
  std::cout << best << "\n";
}
