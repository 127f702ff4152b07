/*
about: sorts 100,000 numbers read by iostream
expect: AC
tests:
  - in: { repeat: "5 3 9 1 7 ", times: 20000 }
    out: { repeat: "1\n3\n5\n7\n9\n", times: 1 }
*/
#include <algorithm>
#include <iostream>
#include <vector>
int main() {
  std::ios::sync_with_stdio(false);
  std::vector<int> numbers;
  for (int number; std::cin >> number;) numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  for (int number : numbers) std::cout << number << "\n";
}
