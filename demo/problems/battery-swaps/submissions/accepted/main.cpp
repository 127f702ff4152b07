#include <iostream>
#include <vector>

int main() {
    long long d, r;
    int n;
    std::cin >> d >> r >> n;
    std::vector<long long> stop(n);
    for (auto& s : stop) std::cin >> s;
    stop.push_back(d);
    // Ride on as far as the battery lasts; swap at the last station before it would be empty.
    long long swappedAt = 0, here = 0;
    int swaps = 0;
    for (long long next : stop) {
        if (next - here > r) {
            std::cout << -1 << '\n';
            return 0;
        }
        if (next - swappedAt > r) {
            swappedAt = here;
            swaps++;
        }
        here = next;
    }
    std::cout << swaps << '\n';
}
