/*
about: a template that needs itself, ever larger
expect: CE
*/
template <typename T> struct Deeper { typename Deeper<Deeper<T>>::type value; };
int main() { return sizeof(Deeper<int>::value); }
