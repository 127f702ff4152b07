"""
about: works in a pool of two processes, with the semaphores that those need
expect: AC
limits: { memoryMiB: 128 }
tests: [{ out: "[0, 1, 4, 9]\n" }]
"""
from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(square, range(4)))
