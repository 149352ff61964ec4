using System.Collections.Immutable;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Tools.Testing;

/// <summary>The results of the tests of one file.</summary>
/// <param name="Results">One result per test, in their order; empty if the file is invalid.</param>
/// <param name="Problems">The problems of the file.</param>
public sealed record CallTestReport(ImmutableArray<CallTestResult> Results, ImmutableArray<PolicyProblem> Problems)
{
    /// <summary>The problems of the file, or the failed tests, each with its location.</summary>
    public IEnumerable<PolicyProblem> Failures =>
        Problems.Concat(Results.Where(static result => !result.Passed).Select(static result => result.Place));
}
