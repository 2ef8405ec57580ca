import {
  ASYMMETRIC_MATCHERS_OBJECT,
  type Assertion,
  ChaiStyleAssertions,
  chai,
  customMatchers,
  type ExpectStatic,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'
import { getCurrentTest } from '@vitest/runner'

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(ChaiStyleAssertions)
chai.use(JestAsymmetricMatchers)

const globals = globalThis as unknown as Record<PropertyKey, unknown>

/** Vitest's own `expect`, assembled as Vitest does, less snapshots, mocks and polling, which a hidden suite has no use for. */
function createExpect(): ExpectStatic {
  const expect = ((value: unknown, message?: string): Assertion => {
    const { assertionCalls } = getState(expect)
    setState({ assertionCalls: assertionCalls + 1 }, expect)
    const assertion = chai.expect(value, message) as unknown as Assertion & {
      withTest(test: unknown): Assertion
    }
    const test = getCurrentTest()
    return test === undefined ? assertion : assertion.withTest(test)
  }) as ExpectStatic
  Object.assign(expect, chai.expect, globals[ASYMMETRIC_MATCHERS_OBJECT])
  expect.getState = () => getState(expect)
  expect.setState = (state) => setState(state as never, expect)
  setState(
    {
      assertionCalls: 0,
      isExpectingAssertions: false,
      isExpectingAssertionsError: null,
      expectedAssertionsNumber: null,
      expectedAssertionsNumberErrorGen: null,
    } as never,
    expect,
  )
  const extendable = chai.expect as unknown as { extend(target: unknown, matchers: unknown): void }
  expect.extend = (matchers) => extendable.extend(expect, matchers)
  Object.assign(expect, {
    assert: chai.assert,
    soft: (value: unknown, message?: string) =>
      (
        expect(value, message) as unknown as { withContext(context: object): Assertion }
      ).withContext({ soft: true }),
    unreachable: (message?: string) =>
      chai.assert.fail(
        `expected${message === undefined ? ' ' : ` "${message}" `}not to be reached`,
      ),
  })
  return expect
}

export const expect = createExpect()
expect.extend(customMatchers as never)
Object.defineProperty(globalThis, GLOBAL_EXPECT, {
  value: expect,
  writable: true,
  configurable: true,
})
