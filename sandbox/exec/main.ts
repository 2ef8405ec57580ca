import { type ExecOptions, runProgram } from './run-program.ts'

/** The process that `assay exec` starts: it holds one program and ends as the program does. */
process.exit(await runProgram(JSON.parse(process.argv[2] ?? '{}') as ExecOptions))
