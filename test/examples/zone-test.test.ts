/** Runs the tests that are an example: a zone tested in the simulator. */
import '../../examples/zone-test/coin-race.test.ts'
