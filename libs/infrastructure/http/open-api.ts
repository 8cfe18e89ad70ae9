import type { INestApplication } from '@nestjs/common'
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger'

export interface OpenApiSettings {
  readonly version: string
  /** Before every path, empty or like `/kitter`. */
  readonly prefix: string
}

const description = `
kitter provisions users and domains of real-time communication platforms into **Keycloak** (who may log in) and **wac-core**
(what they may do) as one act: both have the user, or neither.

* **Access**: every operation but the probes needs a bearer token with the role \`kitter-admin\` (everything), \`kitter-viewer\`
  (reads) or \`kitter-domain-admin\` (the domain in the token's \`domain\` claim, and those below it). Press *Authorize* and paste it.
* **Errors** all have one shape: \`error\` is a sentence for people, \`code\` never changes, \`fields\` lists all that is wrong with a request.
  After a 2xx all of it is true; after any error but a 504, none of it; after a 504 it will be settled.
* **Pages** count from 0: \`paginate[max]=100&paginate[page]=0\`.
`

/** Describes the API at `/openapi.json`, and shows it in Swagger UI at `/docs`. */
export function addDocumentation(app: INestApplication, { version, prefix }: OpenApiSettings): OpenAPIObject {
  const builder = new DocumentBuilder()
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
    .addTag('healthChecker', 'For probes.')
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (_, method) => method,
  })
  SwaggerModule.setup(`${prefix}/docs`, app, document, {
    jsonDocumentUrl: `${prefix}/openapi.json`,
    raw: ['json'],
    customSiteTitle: 'kitter API',
    swaggerOptions: {
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      tryItOutEnabled: false,
      docExpansion: 'list',
    },
  })
  return document
}
