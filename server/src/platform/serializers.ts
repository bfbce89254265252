import fastify, { type FastifyInstance, type FastifySerializerCompiler } from 'fastify'

type Compile = FastifySerializerCompiler<unknown>
type Write = ReturnType<Compile>

/** By schema: what writes an answer of that shape. Of the process, since schemas are constants of its modules. */
const known = new WeakMap<object, Write>()

/**
 * Left to itself, the framework makes a serializer for each status of each route: two thousand, most of them for the same few problems,
 * half a second of every start. Here each schema gets one.
 */
export async function shareSerializers(app: FastifyInstance): Promise<void> {
  const compile = await usualCompiler()
  app.setSerializerCompiler((part) => {
    const { schema } = part
    if (typeof schema !== 'object' || schema === null) return compile(part)
    const write = known.get(schema) ?? compile(part)
    known.set(schema, write)
    return write
  })
}

/** The framework's own, which it shows once there is a route that needs it. */
async function usualCompiler(): Promise<Compile> {
  const sample = fastify()
  sample.get('/', { schema: { response: { 200: { type: 'null' } } } }, async () => null)
  await sample.ready()
  if (!sample.serializerCompiler) throw new Error('The framework has no serializer compiler.')
  return sample.serializerCompiler
}
