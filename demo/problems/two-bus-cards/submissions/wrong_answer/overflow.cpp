// 32 bits are not enough for 10^12 francs.
#include <iostream>

int main() {
    long long a, b, f;
    std::cin >> a >> b >> f;
    int rides = static_cast<int>(a / f) + static_cast<int>(b / f);
    std::cout << rides << '\n';
}
