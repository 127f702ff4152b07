/*
about: a constant that takes years to compute
expect: CE
*/
constexpr unsigned long long spin(unsigned long long n) {
  unsigned long long sum = 0;
  for (unsigned long long i = 0; i < n; i++) sum += i ^ (sum << 1);
  return sum;
}
constexpr unsigned long long a = spin(200000), b = spin(250000), c = spin(1ull << 60);
int main() { return (a + b + c) & 1; }
