#include <functional>
#include <iostream>
#include <queue>
#include <utility>
#include <vector>

int main() {
    int n, m, k;
    std::cin >> n >> m >> k;
    std::vector<std::vector<std::pair<int, int>>> trails(n + 1);
    std::vector<long long> distance(n + 1, -1);
    using Step = std::pair<long long, int>;
    std::priority_queue<Step, std::vector<Step>, std::greater<Step>> open;
    // All posts are starting points at once.
    for (int i = 0; i < k; i++) {
        int post;
        std::cin >> post;
        open.push({0, post});
    }
    for (int i = 0; i < m; i++) {
        int u, v, w;
        std::cin >> u >> v >> w;
        trails[u].push_back({v, w});
        trails[v].push_back({u, w});
    }
    while (!open.empty()) {
        auto [metres, place] = open.top();
        open.pop();
        if (distance[place] >= 0) continue;
        distance[place] = metres;
        for (auto [next, w] : trails[place])
            if (distance[next] < 0) open.push({metres + w, next});
    }
    int remote = 1;
    for (int place = 1; place <= n; place++) {
        if (distance[place] < 0) {
            std::cout << -1 << '\n';
            return 0;
        }
        if (distance[place] > distance[remote]) remote = place;
    }
    std::cout << distance[remote] << ' ' << remote << '\n';
}
