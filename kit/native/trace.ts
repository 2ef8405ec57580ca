import type { ChildProcess } from 'node:child_process'
import type { Trace, TracedRequest } from '../types.ts'

interface Answer {
  answer: number
  requests: TracedRequest[]
  longestTurnMs: number
}

let asked = 0

/** The kit's `trace` of a program started with the preload. What goes on in the loop cannot be seen on plain Node. */
export function createNativeTrace(child: ChildProcess): Trace {
  const ask = () => question(child)
  return {
    requests: async () => (await ask()).requests,
    longestTurn: async () => (await ask()).longestTurnMs,
    phases: needsSandbox('phases'),
    callbacks: needsSandbox('callbacks'),
    alive: needsSandbox('alive'),
    rejections: needsSandbox('rejections'),
  }
}

const needsSandbox = (name: string) => async (): Promise<never> => {
  throw new Error(`trace.${name} needs the sandbox: put the case into sandboxOnly()`)
}

function question(child: ChildProcess): Promise<Answer> {
  const id = asked++
  return new Promise((resolve, reject) => {
    const hasEnded = () => reject(new Error('trace: the program has ended'))
    if (!child.connected) return hasEnded()
    const onMessage = (message: Partial<Answer>) => {
      if (message.answer !== id) return
      child.off('message', onMessage).off('disconnect', hasEnded)
      resolve(message as Answer)
    }
    child.on('message', onMessage).once('disconnect', hasEnded)
    child.send({ ask: id }, (error) => {
      if (error) hasEnded()
    })
  })
}
