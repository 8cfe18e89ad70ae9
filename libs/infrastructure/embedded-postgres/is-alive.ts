import { errorCode } from './error-code.ts'

/** Whether a process with this id exists, whoever it is. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
