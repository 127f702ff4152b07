#include <cstdio>

int main() {
    int n, read = 0;
    double sum = 0;
    std::scanf("%d", &n);
    for (int i = 0; i < n; i++) {
        double rain;
        std::scanf("%lf", &rain);
        if (rain < 0) continue;
        sum += rain;
        read++;
    }
    if (read == 0) std::puts("no data");
    else std::printf("%.9f\n", sum / read);
}
