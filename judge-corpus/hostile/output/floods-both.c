/*
about: floods stdout and stderr at once
expect: OLE
limits: { outputKiB: 256 }
*/
#include <unistd.h>
int main(void) {
  static char piece[1 << 16];
  while (write(2, piece, sizeof piece) > 0 && write(1, piece, sizeof piece) > 0) continue;
}
