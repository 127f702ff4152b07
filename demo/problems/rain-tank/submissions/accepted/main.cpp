#include <algorithm>
#include <iostream>

int main() {
    long long n, capacity, need, water = 0, lost = 0, dry = 0;
    std::cin >> n >> capacity >> need;
    while (n-- > 0) {
        long long rain;
        std::cin >> rain;
        water += rain;
        lost += std::max(0LL, water - capacity);
        water = std::min(water, capacity);
        if (water < need) dry++;
        water -= std::min(water, need);
    }
    std::cout << dry << ' ' << lost << '\n';
}
