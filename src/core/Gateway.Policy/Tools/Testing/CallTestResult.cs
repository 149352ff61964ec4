using Gateway.Policy.Problems;

namespace Gateway.Policy.Tools.Testing;

/// <summary>What became of one test.</summary>
/// <param name="Name">Its name, or its number and tool.</param>
/// <param name="Passed">Whether every call got the decision that it must get.</param>
/// <param name="Wanted">The decision in words, with the rule where one was named.</param>
/// <param name="Got">The decision of the first call that got another one, else of the last.</param>
/// <param name="Reason">Why that was decided; empty where it was allowed.</param>
/// <param name="Place">Where the test stands, with what is wrong.</param>
public sealed record CallTestResult(
    string Name, bool Passed, string Wanted, string Got, string Reason, PolicyProblem Place);
