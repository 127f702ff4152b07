#include <iostream>
#include <numeric>

int main() {
    int t;
    std::cin >> t;
    while (t-- > 0) {
        long long w, h;
        std::cin >> w >> h;
        long long side = std::gcd(w, h);
        std::cout << side << ' ' << (w / side) * (h / side) << '\n';
    }
}
