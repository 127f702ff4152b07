/*
about: uses the mathematics library
expect: AC
compare: { floatRelativeTolerance: 0.000000001 }
tests: [{ in: "2\n", out: "1.41421356237\n" }]
*/
#include <math.h>
#include <stdio.h>
int main(void) {
  double x;
  if (scanf("%lf", &x) == 1) printf("%.12f\n", sqrt(x));
}
