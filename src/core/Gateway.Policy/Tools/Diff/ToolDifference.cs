using System.Collections.Immutable;

namespace Gateway.Policy.Tools.Diff;

/// <summary>What becomes of the calls of one tool, or of those that one pattern names.</summary>
/// <param name="Tool">A tool's name, a pattern, or <see cref="PolicyDiff.OtherTools"/>.</param>
/// <param name="Change"><c>looser</c>, <c>tighter</c> or <c>different</c>: some of both, or neither.</param>
/// <param name="Examples">Calls that are decided differently: at most one of each direction.</param>
/// <param name="Said">What changed in the text, where no call was found that shows it; else empty.</param>
public sealed record ToolDifference(
    string Tool, string Change, ImmutableArray<CallExample> Examples, ImmutableArray<string> Said);
