/// Whether a figure is within an absolute tolerance of the expected one.
func isClose(_ value: Double, _ expected: Double, _ tolerance: Double) -> Bool { abs(value - expected) <= tolerance }
