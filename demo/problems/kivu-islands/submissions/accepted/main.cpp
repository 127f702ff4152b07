#include <algorithm>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

int main() {
    int rows, columns;
    std::cin >> rows >> columns;
    std::vector<std::string> map(rows);
    for (auto& row : map) std::cin >> row;
    int islands = 0, largest = 0;
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            if (map[i][j] != '#') continue;
            // Walk over the whole piece and turn it into water; a stack of our own cannot overflow.
            int area = 0;
            bool shore = false;
            std::vector<std::pair<int, int>> open{{i, j}};
            map[i][j] = '.';
            while (!open.empty()) {
                auto [y, x] = open.back();
                open.pop_back();
                area++;
                if (y == 0 || x == 0 || y == rows - 1 || x == columns - 1) shore = true;
                const int dy[] = {1, -1, 0, 0}, dx[] = {0, 0, 1, -1};
                for (int d = 0; d < 4; d++) {
                    int v = y + dy[d], u = x + dx[d];
                    if (v < 0 || u < 0 || v >= rows || u >= columns || map[v][u] != '#') continue;
                    map[v][u] = '.';
                    open.push_back({v, u});
                }
            }
            if (shore) continue;
            islands++;
            largest = std::max(largest, area);
        }
    std::cout << islands << ' ' << largest << '\n';
}
