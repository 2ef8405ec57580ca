import type { SwaggerOptions } from '@fastify/swagger'

export const openapiOptions: SwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Assay',
      description: 'Self-hosted technical interviews for Node.js and Express.',
      version: '0.1.0',
      license: { name: 'MIT' },
    },
  },
}
