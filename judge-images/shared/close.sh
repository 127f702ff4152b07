#!/bin/sh
# The last touch to every image: programs find a system to run on, and nothing to look around in.
set -eu
# Where programs work. File systems in memory are mounted over these, and runc gives each the mode of the folder it covers.
mkdir -p /build /box /toolchain
chmod 1775 /build
chmod 1777 /box /tmp
# No program changes its user by running another (the container forbids it too).
find / -xdev -type f -perm /6000 -exec chmod a-s {} +
# What no compiler and no program needs.
rm -rf /var/cache/* /var/log/* /var/lib/apt /tmp/*
for folder in /boot /home /media /mnt /opt /root /run /srv /var; do
  [ ! -d "$folder" ] || chmod 700 "$folder"
done
