/** Often enough that what is a day old does not pile up; it is ignored meanwhile. */
export const EVERY_TEN_MINUTES = { task: 'answer.forget', match: '*/10 * * * *' }

/** `answer.forget`: deletes the kept answers whose day is over. */
export function createAnswerForget(forgetAnswers: () => Promise<void>) {
  return async (): Promise<void> => forgetAnswers()
}
