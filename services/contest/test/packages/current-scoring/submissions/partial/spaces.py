# counts gaps, which blanks at the ends spoil
line = input()
print(line.strip("\n").count(" ") + 1)
