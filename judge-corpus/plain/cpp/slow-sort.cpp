/*
about: a quadratic sort of 200,000 numbers
expect: TLE
limits: { cpuMs: 60 }
cpuMs: [60, 300]
*/
#include <iostream>
#include <utility>
#include <vector>
int main() {
  std::vector<int> numbers(200000);
  for (int i = 0; i < 200000; i++) numbers[i] = 200000 - i;
  for (int i = 0; i < 200000; i++)
    for (int j = 0; j + 1 < 200000 - i; j++)
      if (numbers[j] > numbers[j + 1]) std::swap(numbers[j], numbers[j + 1]);
  std::cout << numbers[0] << "\n";
}
