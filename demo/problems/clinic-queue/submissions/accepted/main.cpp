#include <algorithm>
#include <functional>
#include <iostream>
#include <queue>
#include <vector>

int main() {
    int n, c;
    std::cin >> n >> c;
    std::priority_queue<long long, std::vector<long long>, std::greater<long long>> freeAt;
    for (int i = 0; i < c; i++) freeAt.push(0);
    long long longest = 0, done = 0;
    for (int i = 0; i < n; i++) {
        long long arrival, minutes;
        std::cin >> arrival >> minutes;
        long long begin = std::max(arrival, freeAt.top());
        freeAt.pop();
        freeAt.push(begin + minutes);
        longest = std::max(longest, begin - arrival);
        done = std::max(done, begin + minutes);
    }
    std::cout << longest << ' ' << done << '\n';
}
