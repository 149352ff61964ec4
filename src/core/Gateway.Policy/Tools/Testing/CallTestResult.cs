using Gateway.Policy.Problems;

namespace Gateway.Policy.Tools.Testing;

/// <summary>The result of one test.</summary>
/// <param name="Name">The test's name, or its number and tool.</param>
/// <param name="Passed">True if every call got the expected decision.</param>
/// <param name="Wanted">The expected decision in words, with the rule if the test names one.</param>
/// <param name="Got">The decision on the first call that failed, otherwise on the last.</param>
/// <param name="Reason">The reason for that decision; empty if the call was allowed.</param>
/// <param name="Place">The location of the test, with the failure.</param>
public sealed record CallTestResult(
    string Name, bool Passed, string Wanted, string Got, string Reason, PolicyProblem Place);
