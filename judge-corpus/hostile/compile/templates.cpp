/*
about: templates that make two new ones of each, without end
expect: CE
*/
template <unsigned long long N, int D> struct Tree {
  static constexpr unsigned long long value = Tree<2 * N, D - 1>::value + Tree<2 * N + 1, D - 1>::value;
};
template <unsigned long long N> struct Tree<N, 0> { static constexpr unsigned long long value = N; };
int main() { return Tree<1, 40>::value & 1; }
