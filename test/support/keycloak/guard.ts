import { spawn } from 'node:child_process'

const script = 'cat; kill -9 "$1"; sleep 1; rm -rf "$2"'

/**
 * Ends a process and removes its folder when this process goes without having done so itself, even by SIGKILL: the pipe
 * that the guard reads breaks then. Gives what to call once all is cleared.
 */
export function guard(pid: number, folder: string): () => void {
  const watching = spawn('sh', ['-c', script, 'sh', String(pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watching.stdin.on('error', () => undefined)
  watching.unref()
  return () => {
    watching.kill('SIGKILL')
    watching.stdin.destroy()
  }
}
