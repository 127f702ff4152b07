/*
about: makes the compiler say more than anybody reads; the log is cut
expect: CE
*/
template <int N> struct Wrong { static_assert(N < 0, "a long message that is said again and again, for each of thousands of instances of this template"); Wrong<N - 1> next; };
template <> struct Wrong<0> {};
Wrong<800> wrong;
#define TEN(x) x x x x x x x x x x
int main() { TEN(TEN(TEN(undeclared_name_of_some_length++;))) }
