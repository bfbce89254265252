import type { FastifyRequest } from 'fastify'
import { DomainError } from '../../domain/errors.ts'
import { openUploadForm, type Form, type FormRefusal } from '../../platform/upload-form.ts'

const refusal: FormRefusal = (fault, cause) => new DomainError('invalid', fault, cause)

/** The file called `file`, and everything else. */
export const openForm = (request: FastifyRequest): Promise<Form> =>
  openUploadForm(request, { isFileWanted: true, refusal })
