import { writeOpenApi } from '../server/openapi.ts'

await writeOpenApi()
