/** The last step of `npm run build`: writes what Ajv makes of the schemas into the built folder `validate/`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compiledSchemas } from '../validate/fits-schema.ts'

for (const { name, text } of compiledSchemas()) writeFileSync(fileURLToPath(new URL(`../validate/${name}`, import.meta.url)), text)
