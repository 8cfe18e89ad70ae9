/**
 * Who may import whom. Each rule is an allow-list: whatever it doesn't name is forbidden, and the comment says what to
 * do instead. `test/architecture` plants a violation of each and sees it fire.
 */
const specs = '\\.(spec|contract|fixture)\\.ts$'

const allow = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: specs },
  to: { pathNot: to },
})

const builtin = '^(node:)?(async_hooks|crypto|stream|timers/promises)$'
const nest = 'node_modules/(@nestjs/(common|core)|rxjs|reflect-metadata)/'

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'modules-have-one-door',
      comment: 'A module is entered by its index.ts: export there what others need, or move it.',
      severity: 'error',
      from: { path: '^(libs/(?:core|infrastructure|dialects)/[^/]+|libs/(?:kernel|rest)|apps/[^/]+)/', pathNot: specs },
      to: { path: '^libs/', pathNot: ['^$1/', '/index\\.ts$'] },
    },
    allow(
      'kernel-imports-nothing',
      'The kernel is language only. What needs a library belongs to whoever needs it.',
      '^libs/kernel/',
      ['^libs/kernel/'],
    ),
    allow('rest-knows-the-kernel', 'What all REST APIs share knows no subject of the core.', '^libs/rest/', [
      '^libs/(kernel|rest)/',
      nest,
      'node_modules/(@nestjs/swagger|class-validator)/',
    ]),
    allow(
      'domain-is-pure',
      "A module's domain is rules only: no framework, no port, no storage.",
      '^libs/core/[^/]+/domain/',
      [
        '^libs/kernel/',
        '^libs/core/[^/]+/(domain/|index\\.ts$)',
        'node_modules/(@types/)?validator/',
        '^(node:)?crypto$',
      ],
    ),
    {
      name: 'application-is-not-told-by-its-api',
      comment: 'The application layer knows ports and rules; what HTTP needs is translated in api/.',
      severity: 'error',
      from: { path: '^libs/core/[^/]+/application/', pathNot: specs },
      to: { path: ['/api/', '^libs/rest/'] },
    },
    allow(
      'core-knows-no-infrastructure',
      'The core owns ports; adapters in libs/infrastructure implement them. No database, no HTTP client, no Keycloak here.',
      '^libs/core/',
      ['^libs/(kernel|rest|core)/', nest, 'node_modules/(@nestjs/(swagger|terminus)|(@types/)?validator)/', builtin],
    ),
    {
      name: 'infrastructure-implements-ports',
      comment: 'Adapters know the core; they know neither apps nor dialects.',
      severity: 'error',
      from: { path: '^libs/infrastructure/' },
      to: { path: '^(apps|libs/dialects|test)/', pathNot: '^test/support/' },
    },
    {
      name: 'libraries-know-no-apps',
      comment: 'Apps put libraries together, never the other way round.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'dialects-stand-alone',
      comment: "Deleting a dialect's folder breaks nothing else: what two need goes to libs/rest or the core.",
      severity: 'error',
      from: { path: '^libs/dialects/([^/]+)/' },
      to: { path: '^libs/dialects/', pathNot: '^libs/dialects/$1/' },
    },
    {
      name: 'nobody-needs-a-dialect',
      comment: 'Only the app module names dialects.',
      severity: 'error',
      from: { path: '^libs/(kernel|rest|core|infrastructure)/' },
      to: { path: '^libs/dialects/' },
    },
    allow(
      'dialects-speak-for-the-core',
      'A dialect translates: what it needs done is asked of the core, and only Postgres, for what it keeps itself, of an adapter.',
      '^libs/dialects/',
      [
        '^libs/(kernel|rest|core|dialects)/',
        '^libs/infrastructure/postgres/',
        nest,
        'node_modules/(@nestjs/swagger|class-validator|typeorm|ajv)/',
        builtin,
      ],
    ),
    allow(
      'dialect-domain-is-pure',
      "A dialect's domain is its words and rules only: no framework, no HTTP, no storage.",
      '^libs/dialects/[^/]+/domain/',
      [
        '^libs/kernel/',
        '^libs/core/[^/]+/index\\.ts$',
        '^libs/dialects/[^/]+/domain/',
        'node_modules/ajv/',
        '^(node:)?crypto$',
      ],
    ),
    {
      name: 'dialect-adapters-keep-the-rows',
      comment: "SQL stands in the dialect's infrastructure/ and migrations/; its other folders know ports.",
      severity: 'error',
      from: { path: '^libs/dialects/[^/]+/(domain|application|api)/', pathNot: specs },
      to: { path: '^libs/(infrastructure|dialects/[^/]+/(infrastructure|migrations))/' },
    },
    {
      name: 'only-declared-dependencies',
      comment: 'Name it in package.json, with its version.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: specs },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], pathNot: '^node_modules/(@types|fastify)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
    },
  },
}
