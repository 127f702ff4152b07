// The number of panels does not fit into 32 bits.
#include <iostream>
#include <numeric>

int main() {
    int t;
    std::cin >> t;
    while (t-- > 0) {
        unsigned w, h;
        std::cin >> w >> h;
        unsigned side = std::gcd(w, h);
        std::cout << side << ' ' << (w / side) * (h / side) << '\n';
    }
}
