import type { INestApplication, Type } from '@nestjs/common'
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger'
import type { Dialect } from '#rest'

export interface OpenApiSettings {
  readonly version: string
  /** Before every path, empty or like `/kitter`. */
  readonly prefix: string
  /** Whose routes are described. */
  readonly modules: readonly Type[]
}

const description = `
kitter provisions users and domains of real-time communication platforms into **Keycloak** (who may log in) and **wac-core**
(what they may do) as one act: both have the user, or neither.

* **Access**: every operation but the probes needs a bearer token with the role \`kitter-admin\` (everything), \`kitter-viewer\`
  (reads) or \`kitter-domain-admin\` (the domain in the token's \`domain\` claim, and those below it). Press *Authorize* and paste it.
  On the sandbox, \`kitter token\` prints one.
* **Errors** all have one shape: \`error\` is a sentence for people, \`code\` never changes, \`fields\` lists all that is wrong with a request,
  \`request_id\` finds it in the log. After a 2xx all of it is true; after any error but a 504, none of it; after a 504 it will be settled.
* **Again**: a POST with an \`Idempotency-Key\` is done once, however often it is sent; \`Idempotency-Replayed\` says whether it was.
* **Pages** count from 0: \`paginate[max]=100&paginate[page]=0\`.
`

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1b4965"/>' +
  '<path d="M11 7v18M22 12l-11 8M15 17l7 8" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>'

const style = `
  .swagger-ui .info { margin: 30px 0 20px }
  .swagger-ui .scheme-container { padding: 15px 0 }
  .swagger-ui .response-col_links, .swagger-ui .response-control-media-type,
  .swagger-ui :is(.examples-select, .response-control-examples):has(option:only-child) { display: none }
`

/** Describes the API at `/openapi.json`, and shows it in Swagger UI at `/docs`. */
export function addDocumentation(app: INestApplication, { version, prefix, modules }: OpenApiSettings): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, outlineOf(version), { include: [...modules] })
  showDocument(app, document, { path: `${prefix}/docs`, jsonUrl: `${prefix}/openapi.json`, title: 'kitter API' })
  return document
}

/** The same for a dialect, at `/docs/<name>`. */
export function addDialectDocumentation(
  app: INestApplication,
  dialect: Dialect,
  { version, prefix, modules }: OpenApiSettings,
): OpenAPIObject {
  const outline = dialect.outline(version)
  const all = SwaggerModule.createDocument(app, outline, { include: [...modules] })
  const begins = `${prefix}${dialect.path}/`
  const own = Object.entries(all.paths).filter(([path]) => path.startsWith(begins))
  const paths = Object.fromEntries(own.map(([path, item]) => [path, withOwnParameters(path, item)]))
  const path = `${prefix}/docs/${dialect.name}`
  showDocument(app, { ...all, paths }, { path, jsonUrl: `${path}/openapi.json`, title: outline.info.title })
  return { ...all, paths }
}

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const

/** A controller at several paths describes the parameters of all of them. */
function withOwnParameters(path: string, item: PathItemObject): PathItemObject {
  const operations = methods.flatMap((method) => {
    const operation = item[method]
    return operation === undefined
      ? []
      : [[method, { ...operation, ...idOf(operation), parameters: parametersIn(path, operation) }] as const]
  })
  return { ...item, ...Object.fromEntries(operations) }
}

type PathItemObject = OpenAPIObject['paths'][string]
type OperationObject = NonNullable<PathItemObject['get']>

/** Of a method at several paths, Nest makes `list[0]` and `list[1]`, which no generated client can have as names. */
function idOf({ operationId = '' }: OperationObject): Pick<OperationObject, 'operationId'> {
  return { operationId: operationId.replace('[0]', '').replace(/\[(\d+)\]/, '_$1') }
}

function parametersIn(path: string, { parameters = [] }: OperationObject): OperationObject['parameters'] {
  return parameters.filter((each) => !('in' in each) || each.in !== 'path' || path.includes(`{${each.name}}`))
}

interface DocumentPage {
  readonly path: string
  readonly jsonUrl: string
  readonly title: string
}

function showDocument(app: INestApplication, document: OpenAPIObject, { path, jsonUrl, title }: DocumentPage): void {
  SwaggerModule.setup(path, app, document, {
    jsonDocumentUrl: jsonUrl,
    raw: ['json'],
    customSiteTitle: title,
    customfavIcon: `data:image/svg+xml,${encodeURIComponent(icon)}`,
    customCss: style,
    swaggerOptions: {
      // the page reads the document where everybody else does, and links to it
      url: jsonUrl,
      spec: {},
      // without the bar that bears Swagger's logo
      layout: 'BaseLayout',
      // else it would show the document to swagger.io
      validatorUrl: null,
      defaultModelsExpandDepth: -1,
      defaultModelExpandDepth: 4,
      displayRequestDuration: true,
      docExpansion: 'list',
      showCommonExtensions: true,
      plugins: [asCustomersWantIt],
    },
  })
}

function outlineOf(version: string): Omit<OpenAPIObject, 'paths'> {
  return new DocumentBuilder()
    .setTitle('kitter')
    .setDescription(description)
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'A token of the realm, for the audience `kitter`.',
    })
    .addTag('users', 'Who may log in, and what they are called.')
    .addTag('domains', 'Where users live: a tree.')
    .addTag('logout', 'Ending sessions.')
    .addTag('callerIdManager', "The sip-proxy's caller-ID table. Contact your administrator to have it switched on.")
    .addTag('operations', 'The changes of users and domains, and how they stand.')
    .addTag('imports', 'Files of users, brought in in the background.')
    .addTag('reconciliations', 'Finding and mending what others changed in Keycloak or at wac-core.')
    .addTag('audit', 'Who changed what.')
    .addTag('healthChecker', 'For probes, without a token.')
    .build()
}

/** A parameter of an operation as Swagger UI keeps it (Immutable.js). */
interface UiParameter {
  get(key: string): unknown
  getIn(path: readonly string[]): unknown
  set(key: string, value: unknown): UiParameter
  delete(key: string): UiParameter
  deleteIn(path: readonly string[]): UiParameter
}

/**
 * A plugin of Swagger UI, sent to the browser as its source text, so that it can't use anything outside itself. There is
 * one server only, so it needs no choice. Optional parameters start empty, their examples beside them: filled in, as they
 * would be, they make every list one that finds nothing.
 */
function asCustomersWantIt(): object {
  const withoutValue = (parameter: UiParameter): UiParameter =>
    parameter
      .set('x-example', parameter.getIn(['schema', 'example']))
      .delete('example')
      .deleteIn(['schema', 'example'])
  const parameterWithMetaByIdentity =
    (select: (...which: unknown[]) => UiParameter) =>
    (_: unknown, ...which: unknown[]): UiParameter => {
      const parameter = select(...which)
      return parameter.get('required') === false ? withoutValue(parameter) : parameter
    }
  return {
    components: { ServersContainer: () => null },
    statePlugins: { spec: { wrapSelectors: { parameterWithMetaByIdentity } } },
  }
}
