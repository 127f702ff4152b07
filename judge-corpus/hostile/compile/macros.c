/*
about: macros that double forty times, a sentence of terabytes
expect: CE
*/
#define A(x) x + x
#define B(x) A(A(A(A(A(x)))))
#define C(x) B(B(B(B(x))))
#define D(x) C(C(x))
int main(void) { return D(1); }
