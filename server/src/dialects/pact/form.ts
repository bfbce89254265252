import type { FastifyRequest } from 'fastify'
import { DomainError } from '../../domain/errors.ts'
import { openUploadForm, type Form, type FormRefusal } from '../../platform/upload-form.ts'

const refusal: FormRefusal = (fault, cause) => new DomainError('invalid', fault, cause)

/** The file called `file`, where one is wanted, and everything else. */
export const openForm = (request: FastifyRequest, isFileWanted: boolean): Promise<Form> =>
  openUploadForm(request, { isFileWanted, refusal })
