// The few words of testlib that this checker uses, written for this package; the real header has the same.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

enum TResult { _ok = 0, _wa = 1, _pe = 2, _fail = 3 };
struct InStream {
  std::ifstream file;
  bool isTheirs = false;
  long long readLong();
  int readInt() { return static_cast<int>(readLong()); }
  bool seekEof() {
    file >> std::ws;
    return file.eof();
  }
};
inline InStream inf, ouf, ans;
[[noreturn]] inline void quitf(TResult result, const char* why) {
  std::fprintf(stderr, "%s\n", why);
  std::exit(result);
}
inline long long InStream::readLong() {
  long long value;
  if (!(file >> value)) quitf(isTheirs ? _pe : _fail, "a number is missing");
  return value;
}
inline void registerTestlibCmd(int argc, char** argv) {
  if (argc < 4) quitf(_fail, "checker input output answer");
  inf.file.open(argv[1]);
  ouf.file.open(argv[2]);
  ouf.isTheirs = true;
  ans.file.open(argv[3]);
}
