#include "testlib.h"
int main(int argc, char** argv) {
  registerTestlibCmd(argc, argv);
  long long n = inf.readLong(), a = ouf.readLong(), b = ouf.readLong();
  if (!ouf.seekEof()) quitf(_pe, "something is behind the two numbers");
  if (a < 1 || b < 1 || n % a != 0 || n / a != b) quitf(_wa, "these are no factors");
  if (a > b) quitf(_wa, "the larger comes first");
  if (a < ans.readLong()) quitf(_wa, "there are nearer ones");
  quitf(_ok, "right");
}
