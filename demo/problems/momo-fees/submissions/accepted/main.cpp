#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    int k, q;
    std::cin >> k >> q;
    std::vector<long long> upper(k), fee(k);
    for (int i = 0; i < k; i++) std::cin >> upper[i] >> fee[i];
    long long sum = 0, refused = 0;
    while (q-- > 0) {
        long long amount;
        std::cin >> amount;
        auto band = std::lower_bound(upper.begin(), upper.end(), amount) - upper.begin();
        if (band == k) refused++;
        else sum += fee[band];
    }
    std::cout << sum << ' ' << refused << '\n';
}
