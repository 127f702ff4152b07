#include <iostream>
#include <map>
#include <string>

int main() {
    int n;
    std::cin >> n;
    std::map<std::string, long long> total;
    for (int i = 0; i < n; i++) {
        std::string name;
        int w;
        std::cin >> name >> w;
        total[name] += w;
    }
    // The map is in alphabetical order, so only a strictly greater total takes over.
    std::string best;
    long long most = 0;
    for (const auto& [name, weight] : total)
        if (weight > most) best = name, most = weight;
    std::cout << best << ' ' << most << '\n';
}
