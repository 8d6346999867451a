# The proxy alone: compiled in one stage, run in another that has Node and the production dependencies.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Not `npm ci`: the lock can't name every optional platform package. Types and compiler are development dependencies.
RUN npm install --no-save --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY scripts/build-web.mjs ./scripts/
RUN npm run build
# The map of France of the year that the package holds, so that the image runs as it is; mount another over it.
RUN node dist/cli/main.js tree build --from cog --out /app/territories.tree
RUN npm prune --no-save --omit=dev

FROM node:24-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=9280 \
    TERRITORY_TREE=/app/territories.tree
WORKDIR /app
COPY package.json LICENSE ./
COPY config ./config
COPY src/store/migrations ./src/store/migrations
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/territories.tree ./
# The history of what was counted, where no DATABASE_URL is given; mount a volume there to keep it.
RUN mkdir /app/territories.tree.history && chown node:node /app/territories.tree.history
USER node
EXPOSE 9280
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/_territory/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# So much V8 lets pass before it looks through its heap: without, bulk requests take twice the time (README, "Tune it").
ENTRYPOINT ["node", "--initial-old-space-size=64", "dist/cli/main.js"]
CMD ["serve"]
