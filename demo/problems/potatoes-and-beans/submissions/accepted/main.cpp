#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    int n, k;
    std::cin >> n >> k;
    std::vector<long long> potatoes(n), beans(n);
    for (auto& p : potatoes) std::cin >> p;
    for (auto& b : beans) std::cin >> b;
    // lastBeans[j], lastPotatoes[j]: best harvest so far with j potato terraces, the last one holding beans or potatoes.
    const long long never = -1;
    std::vector<long long> lastBeans(k + 1, never), lastPotatoes(k + 1, never);
    lastBeans[0] = 0;
    for (int i = 0; i < n; i++) {
        std::vector<long long> nextBeans(k + 1, never), nextPotatoes(k + 1, never);
        for (int j = 0; j <= k; j++) {
            long long best = std::max(lastBeans[j], lastPotatoes[j]);
            if (best != never) nextBeans[j] = best + beans[i];
            if (j > 0 && lastBeans[j - 1] != never) nextPotatoes[j] = lastBeans[j - 1] + potatoes[i];
        }
        lastBeans = nextBeans;
        lastPotatoes = nextPotatoes;
    }
    long long best = 0;
    for (int j = 0; j <= k; j++) best = std::max({best, lastBeans[j], lastPotatoes[j]});
    std::cout << best << '\n';
}
