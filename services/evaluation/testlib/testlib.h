/*
 * Checkers and interactors that include testlib.h and come without it find this one: written anew from the documentation of the library's interface
 * (https://codeforces.com/testlib), in one header, for C++11 and later. A package's own testlib.h always comes first.
 *
 * Here: registerTestlibCmd, registerInteraction; the streams inf, ouf, ans and tout; reading of tokens, numbers, words, lines; quit and its relatives;
 * comparison of doubles; names of numbers in messages. Not here: validators, generators (rnd) and patterns, which run at the author's and not on a judge.
 *
 * Exit codes: 0 OK, 1 wrong answer, 2 presentation error, 3 the judge's own failure, 7 points, 8 unexpected end of file; partly correct: its share.
 * What is wrong in the participant's output is a wrong answer or a presentation error; the same in the judge's own files is a failure of the judge.
 */
#ifndef ARENA_TESTLIB_H
#define ARENA_TESTLIB_H

#include <algorithm>
#include <cassert>
#include <climits>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

enum TResult { _ok = 0, _wa = 1, _pe = 2, _fail = 3, _dirt = 4, _points = 5, _unexpected_eof = 8, _partially = 16 };
enum TMode { _input, _output, _answer };
#define _pc(share) (TResult(_partially + (share)))

const int OK_EXIT_CODE = 0;
const int WA_EXIT_CODE = 1;
const int PE_EXIT_CODE = 2;
const int FAIL_EXIT_CODE = 3;
const int DIRT_EXIT_CODE = 4;
const int POINTS_EXIT_CODE = 7;
const int UNEXPECTED_EOF_EXIT_CODE = 8;
const int PC_BASE_EXIT_CODE = 50;

const int EOFC = 255;

#if defined(__GNUC__)
#define ARENA_FORMAT(text, values) __attribute__((format(printf, text, values)))
#else
#define ARENA_FORMAT(text, values)
#endif

/* ---- text ------------------------------------------------------------------------------------------------------------ */

inline std::string arenaFormat(const char *text, va_list values) {
    va_list again;
    va_copy(again, values);
    int length = vsnprintf(nullptr, 0, text, again);
    va_end(again);
    if (length <= 0) return std::string();
    std::vector<char> buffer(static_cast<size_t>(length) + 1);
    vsnprintf(buffer.data(), buffer.size(), text, values);
    return std::string(buffer.data(), static_cast<size_t>(length));
}

ARENA_FORMAT(1, 2) inline std::string format(const char *text, ...) {
    va_list values;
    va_start(values, text);
    std::string result = arenaFormat(text, values);
    va_end(values);
    return result;
}
inline std::string format(const std::string text, ...) {
    va_list values;
    va_start(values, text);
    std::string result = arenaFormat(text.c_str(), values);
    va_end(values);
    return result;
}
#define ARENA_TEXT(name, text)      \
    va_list arenaValues;            \
    va_start(arenaValues, text);    \
    std::string name = arenaFormat(text, arenaValues); \
    va_end(arenaValues)

template <typename T> inline std::string vtos(const T &value) {
    std::ostringstream out;
    out << value;
    return out.str();
}
template <typename T> inline std::string toString(const T &value) { return vtos(value); }

inline std::string upperCase(std::string s) {
    for (char &c : s)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return s;
}
inline std::string lowerCase(std::string s) {
    for (char &c : s)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return s;
}
inline bool isBlanks(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
inline bool isBlanks(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
inline bool isEoln(char c) { return c == '\n' || c == '\r'; }
inline bool isEoln(int c) { return c == '\n' || c == '\r'; }
inline std::string trim(const std::string &s) {
    size_t from = 0, to = s.size();
    while (from < to && isBlanks(s[from])) from++;
    while (to > from && isBlanks(s[to - 1])) to--;
    return s.substr(from, to - from);
}
/* Long texts are shown by their two ends. */
inline std::string compress(const std::string &s) { return s.size() <= 64 ? s : s.substr(0, 30) + "..." + s.substr(s.size() - 31); }
/* What of an unknown text may stand in a message. */
inline std::string stringPart(const std::string &s) {
    std::string shown;
    for (char c : s) shown += (c >= 32 && c < 127) ? c : '?';
    return compress(shown);
}
inline std::string englishEnding(int n) {
    n %= 100;
    if (n / 10 == 1) return "th";
    switch (n % 10) {
        case 1: return "st";
        case 2: return "nd";
        case 3: return "rd";
        default: return "th";
    }
}
inline std::vector<std::string> tokenize(const std::string &s, const std::string &separators) {
    std::vector<std::string> parts;
    std::string part;
    for (char c : s) {
        if (separators.find(c) == std::string::npos) part += c;
        else {
            if (!part.empty()) parts.push_back(part);
            part.clear();
        }
    }
    if (!part.empty()) parts.push_back(part);
    return parts;
}
inline std::vector<std::string> tokenize(const std::string &s, char separator) { return tokenize(s, std::string(1, separator)); }
inline std::vector<std::string> split(const std::string &s, const std::string &separators) {
    std::vector<std::string> parts(1);
    for (char c : s) {
        if (separators.find(c) == std::string::npos) parts.back() += c;
        else parts.push_back(std::string());
    }
    return parts;
}
inline std::vector<std::string> split(const std::string &s, char separator) { return split(s, std::string(1, separator)); }
template <typename I> inline std::string join(I from, I to, const std::string &separator = " ") {
    std::ostringstream out;
    for (I at = from; at != to; ++at) {
        if (at != from) out << separator;
        out << *at;
    }
    return out.str();
}
template <typename C> inline std::string join(const C &all, const std::string &separator = " ") { return join(all.begin(), all.end(), separator); }
template <typename C> inline std::string join(const C &all, char separator) { return join(all.begin(), all.end(), std::string(1, separator)); }

/* ---- numbers --------------------------------------------------------------------------------------------------------- */

inline bool __testlib_isNaN(double x) { return std::isnan(x); }
inline bool __testlib_isInfinite(double x) { return std::isinf(x); }
inline double __testlib_abs(double x) { return std::fabs(x); }

/* Absolute or relative error, whichever is kinder; numbers that are none agree with their like. */
inline bool doubleCompare(double expected, double result, double most) {
    most += 1E-15;
    if (std::isnan(expected)) return std::isnan(result);
    if (std::isinf(expected)) return std::isinf(result) && (expected > 0) == (result > 0);
    if (std::isnan(result) || std::isinf(result)) return false;
    if (std::fabs(result - expected) <= most) return true;
    double least = std::min(expected * (1.0 - most), expected * (1.0 + most));
    double greatest = std::max(expected * (1.0 - most), expected * (1.0 + most));
    return result >= least && result <= greatest;
}
inline double doubleDelta(double expected, double result) {
    double absolute = std::fabs(result - expected);
    return std::fabs(expected) > 1E-9 ? std::min(absolute, absolute / std::fabs(expected)) : absolute;
}

/* ---- the end --------------------------------------------------------------------------------------------------------- */

struct InStream;
inline int arenaExitCode(TResult result) {
    switch (result) {
        case _ok: return OK_EXIT_CODE;
        case _wa: return WA_EXIT_CODE;
        case _pe: return PE_EXIT_CODE;
        case _fail: return FAIL_EXIT_CODE;
        case _dirt: return DIRT_EXIT_CODE;
        case _points: return POINTS_EXIT_CODE;
        case _unexpected_eof: return UNEXPECTED_EOF_EXIT_CODE;
        default: return result >= _partially ? PC_BASE_EXIT_CODE + (result - _partially) : FAIL_EXIT_CODE;
    }
}
inline std::string arenaOpening(TResult result) {
    switch (result) {
        case _ok: return "ok ";
        case _wa: return "wrong answer ";
        case _pe: return "wrong output format ";
        case _dirt: return "wrong output format ";
        case _points: return "points ";
        case _unexpected_eof: return "unexpected eof ";
        case _fail: return "FAIL ";
        default: return "partially correct (" + vtos(result - _partially) + ") ";
    }
}

/* Set by registerTestlibCmd: where the message goes instead of stderr, and a second look at what was not read. */
struct ArenaState {
    std::string reportName;
    bool isChecker = false;
    bool isInteractor = false;
    bool isRegistered = false;
    int testCase = -1;
};
inline ArenaState &arenaState() {
    static ArenaState state;
    return state;
}
[[noreturn]] inline void arenaEnd(TResult result, std::string message);

/* ---- streams --------------------------------------------------------------------------------------------------------- */

struct InStream {
    TMode mode = _input;
    std::string name;
    bool opened = false;
    bool strict = false;
    bool stdfile = false;

    void init(const std::string &fileName, TMode streamMode) {
        mode = streamMode;
        name = fileName;
        stdfile = false;
        file = std::fopen(fileName.c_str(), "rb");
        opened = file != nullptr;
        if (file == nullptr) {
            if (mode == _output) quit(_pe, "Output file not found: \"" + stringPart(fileName) + "\"");
            quit(_fail, "File not found: \"" + stringPart(fileName) + "\"");
        }
    }
    void init(std::FILE *given, TMode streamMode) {
        mode = streamMode;
        name = "stdin";
        stdfile = true;
        file = given;
        opened = true;
    }
    void close() {
        if (file != nullptr && !stdfile) std::fclose(file);
        file = nullptr;
        opened = false;
    }

    /* Characters. A caller asks for one only once it is needed, so that in an interaction nobody waits for more than was said. */
    int curChar() {
        int c = peek();
        return c == EOF ? EOFC : c;
    }
    int nextChar() {
        int c = take();
        return c == EOF ? EOFC : c;
    }
    char readChar() { return static_cast<char>(nextChar()); }
    char readChar(char wanted) {
        char found = readChar();
        if (found != wanted) quit(_pe, "Unexpected character '" + stringPart(std::string(1, found)) + "', but '" + stringPart(std::string(1, wanted)) + "' expected");
        return found;
    }
    char readSpace() { return readChar(' '); }
    void unreadChar(char c) { pushed.push_back(static_cast<unsigned char>(c)); }
    void skipChar() { take(); }
    void skipBlanks() {
        while (peek() != EOF && isBlanks(peek())) take();
    }
    bool eof() { return peek() == EOF; }
    bool eoln() {
        int c = peek();
        if (c == EOF) return true;
        if (c == '\r') {
            take();
            bool isEnd = peek() == '\n';
            unreadChar('\r');
            return isEnd;
        }
        return c == '\n';
    }
    bool seekEof() {
        skipBlanks();
        return eof();
    }
    bool seekEoln() {
        while (peek() == ' ' || peek() == '\t') take();
        return eoln();
    }
    void readEoln() {
        if (!eoln() || eof()) quit(_pe, "Expected EOLN");
        if (take() == '\r') take();
    }
    void readEof() {
        if (!eof()) quit(_pe, "Expected EOF");
    }
    void nextLine() { readLine(); }

    /* Words */
    std::string readWord() {
        if (!strict) skipBlanks();
        int c = peek();
        if (c == EOF) quit(_unexpected_eof, "Unexpected end of file - token expected");
        if (isBlanks(c)) quit(_pe, "Unexpected white-space - token expected");
        std::string word;
        while ((c = peek()) != EOF && !isBlanks(c)) {
            word += static_cast<char>(take());
            if (word.size() > longest) quit(_pe, "The token is too long");
        }
        return word;
    }
    std::string readToken() { return readWord(); }
    void readWordTo(std::string &word) { word = readWord(); }
    void readTokenTo(std::string &word) { word = readWord(); }
    std::string readLine() {
        if (eof()) quit(_unexpected_eof, "Expected line");
        std::string line;
        for (;;) {
            int c = take();
            if (c == EOF || c == '\n') break;
            line += static_cast<char>(c);
            if (line.size() > longest) quit(_pe, "The line is too long");
        }
        if (!line.empty() && line[line.size() - 1] == '\r') line.erase(line.size() - 1);
        return line;
    }
    std::string readString() { return readLine(); }
    void readLineTo(std::string &line) { line = readLine(); }
    void readStringTo(std::string &line) { line = readLine(); }
    std::vector<std::string> readWords(int count) {
        std::vector<std::string> words;
        for (int i = 0; i < count; i++) words.push_back(readWord());
        return words;
    }
    std::vector<std::string> readTokens(int count) { return readWords(count); }
    std::vector<std::string> readLines(int count) {
        std::vector<std::string> lines;
        for (int i = 0; i < count; i++) lines.push_back(readLine());
        return lines;
    }

    /* Whole numbers */
    long long readLong() {
        std::string word = readWord();
        long long value = 0;
        if (!parseLong(word, value)) quit(_pe, "Expected integer, but \"" + stringPart(word) + "\" found");
        return value;
    }
    long long readLong(long long least, long long most, const std::string &what = "") {
        long long value = readLong();
        if (value < least || value > most) outOf(_wa, what, "Integer", vtos(value), vtos(least), vtos(most));
        return value;
    }
    unsigned long long readUnsignedLong() {
        std::string word = readWord();
        unsigned long long value = 0;
        if (!parseUnsigned(word, value)) quit(_pe, "Expected unsigned integer, but \"" + stringPart(word) + "\" found");
        return value;
    }
    unsigned long long readUnsignedLong(unsigned long long least, unsigned long long most, const std::string &what = "") {
        unsigned long long value = readUnsignedLong();
        if (value < least || value > most) outOf(_wa, what, "Unsigned integer", vtos(value), vtos(least), vtos(most));
        return value;
    }
    int readInt() {
        std::string word = readWord();
        long long value = 0;
        if (!parseLong(word, value) || value < INT_MIN || value > INT_MAX) quit(_pe, "Expected int32, but \"" + stringPart(word) + "\" found");
        return static_cast<int>(value);
    }
    int readInt(int least, int most, const std::string &what = "") {
        int value = readInt();
        if (value < least || value > most) outOf(_wa, what, "Integer", vtos(value), vtos(least), vtos(most));
        return value;
    }
    int readInteger() { return readInt(); }
    int readInteger(int least, int most, const std::string &what = "") { return readInt(least, most, what); }
    std::vector<int> readInts(int count) {
        std::vector<int> all;
        for (int i = 0; i < count; i++) all.push_back(readInt());
        return all;
    }
    std::vector<int> readInts(int count, int least, int most, const std::string &what = "") {
        std::vector<int> all;
        for (int i = 0; i < count; i++) all.push_back(readInt(least, most, what));
        return all;
    }
    std::vector<int> readIntegers(int count) { return readInts(count); }
    std::vector<int> readIntegers(int count, int least, int most, const std::string &what = "") { return readInts(count, least, most, what); }
    std::vector<long long> readLongs(int count) {
        std::vector<long long> all;
        for (int i = 0; i < count; i++) all.push_back(readLong());
        return all;
    }
    std::vector<long long> readLongs(int count, long long least, long long most, const std::string &what = "") {
        std::vector<long long> all;
        for (int i = 0; i < count; i++) all.push_back(readLong(least, most, what));
        return all;
    }

    /* Real numbers */
    double readReal() {
        std::string word = readWord();
        double value = 0;
        if (!parseReal(word, value)) quit(_pe, "Expected double, but \"" + stringPart(word) + "\" found");
        return value;
    }
    double readDouble() { return readReal(); }
    double readReal(double least, double most, const std::string &what = "") {
        double value = readReal();
        if (!(value >= least && value <= most)) outOf(_wa, what, "Double", vtos(value), vtos(least), vtos(most));
        return value;
    }
    double readDouble(double least, double most, const std::string &what = "") { return readReal(least, most, what); }
    double readStrictReal(double least, double most, int leastAfterPoint, int mostAfterPoint, const std::string &what = "") {
        std::string word = readWord();
        size_t point = word.find('.');
        int after = point == std::string::npos ? 0 : static_cast<int>(word.size() - point - 1);
        double value = 0;
        if (word.find_first_not_of("0123456789.-") != std::string::npos || !parseReal(word, value) || after < leastAfterPoint || after > mostAfterPoint)
            quit(_pe, "Expected strict double, but \"" + stringPart(word) + "\" found");
        if (!(value >= least && value <= most)) outOf(_wa, what, "Strict double", word, vtos(least), vtos(most));
        return value;
    }
    double readStrictDouble(double least, double most, int leastAfterPoint, int mostAfterPoint, const std::string &what = "") {
        return readStrictReal(least, most, leastAfterPoint, mostAfterPoint, what);
    }
    std::vector<double> readReals(int count) {
        std::vector<double> all;
        for (int i = 0; i < count; i++) all.push_back(readReal());
        return all;
    }
    std::vector<double> readDoubles(int count) { return readReals(count); }

    /* The end. What is wrong in the judge's own files is the judge's failure. */
    [[noreturn]] void quit(TResult result, const std::string &message) {
        if (mode != _output && result != _ok && result != _points && result < _partially) arenaEnd(_fail, message + " (" + name + ")");
        arenaEnd(result, message);
    }
    [[noreturn]] void quit(TResult result, const char *message) { quit(result, std::string(message)); }
    ARENA_FORMAT(3, 4) [[noreturn]] void quitf(TResult result, const char *text, ...) {
        ARENA_TEXT(message, text);
        quit(result, message);
    }
    void quitif(bool condition, TResult result, const char *text, ...) {
        if (!condition) return;
        ARENA_TEXT(message, text);
        quit(result, message);
    }
    [[noreturn]] void quits(TResult result, const std::string &message) { quit(result, message); }
    void setTestCase(int number) { arenaState().testCase = number; }

  private:
    static const size_t longest = 32 * 1024 * 1024;
    std::FILE *file = nullptr;
    std::vector<int> pushed;

    int take() {
        if (!pushed.empty()) {
            int c = pushed.back();
            pushed.pop_back();
            return c;
        }
        return file == nullptr ? EOF : std::getc(file);
    }
    int peek() {
        if (!pushed.empty()) return pushed.back();
        int c = take();
        if (c != EOF) pushed.push_back(c);
        return c;
    }
    [[noreturn]] void outOf(TResult result, const std::string &what, const char *kind, const std::string &value, const std::string &least, const std::string &most) {
        std::string of = what.empty() ? std::string(kind) + " " : std::string(kind) + " parameter [name=" + what + "] equals to ";
        quit(result, of + value + " violates the range [" + least + ", " + most + "]");
    }
    /* As the number would be written: no plus, no zero in front, no minus before zero. */
    static bool parseLong(const std::string &word, long long &value) {
        bool isNegative = !word.empty() && word[0] == '-';
        unsigned long long size = 0;
        if (!parseUnsigned(isNegative ? word.substr(1) : word, size)) return false;
        if (isNegative && size == 0) return false;
        const unsigned long long most = 9223372036854775807ULL;
        if (size > (isNegative ? most + 1 : most)) return false;
        value = isNegative ? (size == most + 1 ? LLONG_MIN : -static_cast<long long>(size)) : static_cast<long long>(size);
        return true;
    }
    static bool parseUnsigned(const std::string &word, unsigned long long &value) {
        if (word.empty() || word.size() > 20 || (word.size() > 1 && word[0] == '0')) return false;
        value = 0;
        for (char c : word) {
            if (c < '0' || c > '9') return false;
            unsigned long long digit = static_cast<unsigned long long>(c - '0');
            if (value > (ULLONG_MAX - digit) / 10) return false;
            value = value * 10 + digit;
        }
        return true;
    }
    static bool parseReal(const std::string &word, double &value) {
        bool hasDigit = false;
        for (char c : word) {
            if (c >= '0' && c <= '9') hasDigit = true;
            else if (c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') return false;
        }
        if (!hasDigit) return false;
        char *end = nullptr;
        value = std::strtod(word.c_str(), &end);
        return *end == 0 && !std::isnan(value) && !std::isinf(value);
    }
};

static InStream inf;
static InStream ouf;
static InStream ans;
static std::fstream tout;

[[noreturn]] inline void arenaEnd(TResult result, std::string message) {
    if (arenaState().testCase >= 0) message = "test case " + vtos(arenaState().testCase) + ": " + message;
    /* An answer may be right and something stand after it. */
    if (result == _ok && arenaState().isChecker && ouf.opened && !ouf.seekEof()) {
        result = _pe;
        message = "Extra information in the output file";
    }
    std::string said = arenaOpening(result) + message + "\n";
    if (arenaState().reportName.empty()) std::fputs(said.c_str(), stderr);
    else {
        std::ofstream report(arenaState().reportName.c_str());
        report << said;
    }
    if (tout.is_open()) tout.close();
    std::fflush(stdout);
    std::fflush(stderr);
    std::_Exit(arenaExitCode(result));
}

[[noreturn]] inline void quit(TResult result, const std::string &message) { arenaEnd(result, message); }
[[noreturn]] inline void quit(TResult result, const char *message) { arenaEnd(result, message); }
ARENA_FORMAT(2, 3) [[noreturn]] inline void quitf(TResult result, const char *text, ...) {
    ARENA_TEXT(message, text);
    arenaEnd(result, message);
}
ARENA_FORMAT(3, 4) inline void quitif(bool condition, TResult result, const char *text, ...) {
    if (!condition) return;
    ARENA_TEXT(message, text);
    arenaEnd(result, message);
}
template <typename F> inline std::string arenaPoints(F points) {
    std::ostringstream out;
    out << std::setprecision(15) << points;
    return out.str();
}
template <typename F> [[noreturn]] inline void quitp(F points, const std::string &message = "") {
    arenaEnd(_points, arenaPoints(points) + (message.empty() ? "" : " " + message));
}
template <typename F> [[noreturn]] inline void quitp(F points, const char *text, ...) {
    ARENA_TEXT(message, text);
    arenaEnd(_points, arenaPoints(points) + " " + message);
}
template <typename F> [[noreturn]] inline void quitpi(F points, const std::string &message = "") { quitp(points, message); }

inline void ensure_(bool condition, const char *what) {
    if (!condition) arenaEnd(_fail, std::string("Condition failed: \"") + what + "\"");
}
#define ensure(condition) ensure_(static_cast<bool>(condition), #condition)
ARENA_FORMAT(2, 3) inline void ensuref(bool condition, const char *text, ...) {
    if (condition) return;
    ARENA_TEXT(message, text);
    arenaEnd(_fail, message);
}
inline void setTestCase(int number) { arenaState().testCase = number; }
inline void unsetTestCase() { arenaState().testCase = -1; }
inline void setName(const char *, ...) {}

/* checker INPUT OUTPUT ANSWER [REPORT] */
inline void registerTestlibCmd(int argc, char *argv[]) {
    arenaState().isChecker = arenaState().isRegistered = true;
    if (argc < 4) arenaEnd(_fail, "Program must be run with the following arguments: INPUT-FILE OUTPUT-FILE ANSWER-FILE [REPORT-FILE]");
    if (argc > 4) arenaState().reportName = argv[4];
    inf.init(std::string(argv[1]), _input);
    ouf.init(std::string(argv[2]), _output);
    ans.init(std::string(argv[3]), _answer);
}
/* interactor INPUT OUTPUT [ANSWER [REPORT]]; the participant is on stdin and stdout */
inline void registerInteraction(int argc, char *argv[]) {
    arenaState().isInteractor = arenaState().isRegistered = true;
    if (argc < 3) arenaEnd(_fail, "Program must be run with the following arguments: INPUT-FILE OUTPUT-FILE [ANSWER-FILE [REPORT-FILE]]");
    if (argc > 4) arenaState().reportName = argv[4];
    inf.init(std::string(argv[1]), _input);
    ouf.init(stdin, _output);
    tout.open(argv[2], std::ios_base::out | std::ios_base::trunc);
    if (!tout.is_open()) arenaEnd(_fail, "Cannot write the output file");
    if (argc > 3) ans.init(std::string(argv[3]), _answer);
}

#endif
