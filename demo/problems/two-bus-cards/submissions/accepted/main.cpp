#include <iostream>

int main() {
    long long a, b, f;
    std::cin >> a >> b >> f;
    std::cout << a / f + b / f << '\n';
}
