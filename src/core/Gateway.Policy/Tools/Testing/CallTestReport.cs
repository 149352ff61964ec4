using System.Collections.Immutable;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Tools.Testing;

/// <summary>What the tests of one file came to.</summary>
/// <param name="Results">A result for each test, in their order; none where the file is wrong.</param>
/// <param name="Problems">What is wrong with the file.</param>
public sealed record CallTestReport(ImmutableArray<CallTestResult> Results, ImmutableArray<PolicyProblem> Problems)
{
    /// <summary>What is wrong with the file, or the tests that fail, each with its place.</summary>
    public IEnumerable<PolicyProblem> Failures =>
        Problems.Concat(Results.Where(static result => !result.Passed).Select(static result => result.Place));
}
