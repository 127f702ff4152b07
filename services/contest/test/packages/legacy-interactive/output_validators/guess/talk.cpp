#include <fstream>
#include <iostream>
int main(int, char** argv) {
  std::ifstream in(argv[1]);
  int secret, guess;
  in >> secret;
  for (int tries = 0; tries < 10; tries++) {
    if (!(std::cin >> guess)) return 43;
    std::cout << (guess == secret ? "correct" : guess > secret ? "lower" : "higher") << std::endl;
    if (guess == secret) return 42;
  }
  return 43;
}
