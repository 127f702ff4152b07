"""
about: works in four threads
expect: AC
tests: [{ out: "10\n" }]
"""
import threading

sums = []
threads = [threading.Thread(target=lambda n=n: sums.append(n)) for n in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sum(sums))
