/*
about: adds up in four threads
expect: AC
tests: [{ out: "4000\n" }]
*/
#include <atomic>
#include <iostream>
#include <thread>
#include <vector>
int main() {
  std::atomic<int> sum{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) threads.emplace_back([&] { for (int j = 0; j < 1000; j++) sum++; });
  for (auto &thread : threads) thread.join();
  std::cout << sum << "\n";
}
