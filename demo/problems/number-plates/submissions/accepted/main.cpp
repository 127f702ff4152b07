#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

int main() {
    const long long all = 26LL * 26 * 26 * 999;
    int t;
    std::cin >> t;
    while (t-- > 0) {
        std::string plate;
        long long k;
        std::cin >> plate >> k;
        long long letters = ((plate[1] - 'A') * 26 + plate[2] - 'A') * 26 + plate[6] - 'A';
        long long number = letters * 999 + std::atoi(plate.substr(3, 3).c_str()) - 1 + k;
        if (number >= all) {
            std::puts("none");
            continue;
        }
        letters = number / 999;
        std::printf("R%c%c%03d%c\n", char('A' + letters / 676), char('A' + letters / 26 % 26), int(number % 999 + 1), char('A' + letters % 26));
    }
}
