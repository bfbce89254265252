// PLACEHOLDER until the dialect's author writes it: replace the whole file.
import type { FastifyInstance } from 'fastify'

export async function blingerWidgetPlugin(_app: FastifyInstance, _door: object): Promise<void> {}
