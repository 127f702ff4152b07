#pragma once
#include <fstream>
#include <string>
inline int reject(const std::string& folder, const std::string& why) {
  std::ofstream(folder + "judgemessage.txt") << why << "\n";
  return 43;
}
