/*
about: C++20 handed in as C++17
expect: CE
*/
#include <iostream>
template <typename T> concept Small = sizeof(T) < 4;
int main() { std::cout << Small<char>; }
