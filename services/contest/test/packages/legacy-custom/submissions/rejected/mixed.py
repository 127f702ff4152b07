# @EXPECTED_RESULTS@: WRONG-ANSWER, RUN-ERROR
n = int(input())
print(1, 1) if n > 2 else print(1 // 0)
