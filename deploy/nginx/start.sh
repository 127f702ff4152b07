#!/bin/sh
# Writes what nginx cannot know beforehand into /tmp/front, starts it, and looks after the services' addresses: nginx asks for a name only when it
# starts, and would not start at all while one of them has none. A service that is down must not take the others with it.
#
#   ARENA_TRUSTED_PROXIES   addresses or CIDR blocks of proxies in front, whose X-Forwarded-For and -Proto are believed; commas between
#   FRONT_LOOKUP_SECONDS    how often names are looked up (default 2); a name that is not found keeps its last addresses
set -eu
run=${FRONT_RUN:-/tmp/front} # elsewhere: for the tests
services='user contest submission leaderboard notifications billing gateway'

addresses() { getent ahosts "$1" 2>/dev/null | awk '{ print $1 }' | sort -u; }

upstream() { # NAME: its block, or the one that stands already when the name is not found
  found=$(addresses "$1" || true)
  if [ -z "$found" ] && [ -s "$run/upstream-$1" ]; then cat "$run/upstream-$1"; return; fi
  {
    echo "upstream $1 {"
    echo "  zone $1 64k;"
    echo '  least_conn;'
    for address in $found; do
      case $address in *:*) address="[$address]" ;; esac
      # one failure is enough: there may be another, and in two seconds it is asked again
      echo "  server $address:8080 max_fails=1 fail_timeout=2s;"
    done
    [ -n "$found" ] || echo '  server 127.0.0.1:1 down;'
    # less than the 65 s for which a service keeps a connection: it never closes one that is about to be used
    echo '  keepalive 64;'
    echo '  keepalive_timeout 50s;'
    echo '}'
  } | tee "$run/upstream-$1"
}
upstreams() { for service in $services; do upstream "$service"; done; }

proxies() {
  blocks=$(echo "${ARENA_TRUSTED_PROXIES:-}" | tr ',' ' ')
  case $blocks in *[!0-9a-fA-F.:/\ ]*) echo 'ARENA_TRUSTED_PROXIES takes addresses and blocks such as 10.0.0.0/8, with commas between' >&2; exit 2 ;; esac
  for block in $blocks; do echo "set_real_ip_from $block;"; done
  [ -z "${blocks# }" ] || printf 'real_ip_header x-forwarded-for;\nreal_ip_recursive on;\n'
  echo 'geo $realip_remote_addr $is_proxied {'
  echo '  default 0;'
  for block in $blocks; do echo "  $block 1;"; done
  echo '}'
}

look_after() {
  while sleep "${FRONT_LOOKUP_SECONDS:-2}"; do
    upstreams >"$run/upstreams.new"
    cmp -s "$run/upstreams.new" "$run/upstreams.told" && continue
    cp "$run/upstreams.new" "$run/upstreams.conf.new" && mv "$run/upstreams.conf.new" "$run/upstreams.conf"
    # nginx may not be there yet; what it was not told is told in the next round
    nginx -s reload && mv "$run/upstreams.new" "$run/upstreams.told" || continue
  done
}

if [ "${1:-}" = proxies ]; then proxies; exit; fi # for the tests
mkdir -p "$run"
proxies >"$run/proxies.conf"
upstreams >"$run/upstreams.conf"
cp "$run/upstreams.conf" "$run/upstreams.told"
look_after &
exec nginx -g 'daemon off;'
