#include <cstdio>
int main() {
  double a, b;
  std::scanf("%lf %lf", &a, &b);
  std::printf("%.9f\n", (a + b) / 2);
}
