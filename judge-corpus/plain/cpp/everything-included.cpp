/*
about: includes bits/stdc++.h as most participants do
expect: AC
tests: [{ in: "b a c", out: "a b c\n" }]
*/
#include <bits/stdc++.h>
using namespace std;
int main() {
  set<string> words;
  for (string word; cin >> word;) words.insert(word);
  for (auto &word : words) cout << word << ' ';
}
