/*
about: C++20 handed in as C++20
expect: AC
language: cpp20
tests: [{ out: "1 2 3\n" }]
*/
#include <algorithm>
#include <iostream>
#include <ranges>
#include <vector>
template <typename T> concept Small = sizeof(T) <= 4;
int main() {
  std::vector<int> numbers{3, 1, 2};
  static_assert(Small<int>);
  std::ranges::sort(numbers);
  for (int number : numbers | std::views::all) std::cout << number << ' ';
}
