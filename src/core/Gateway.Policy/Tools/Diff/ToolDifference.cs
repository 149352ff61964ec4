using System.Collections.Immutable;

namespace Gateway.Policy.Tools.Diff;

/// <summary>The difference for calls of one tool, or of the tools that one pattern matches.</summary>
/// <param name="Tool">A tool's name, a pattern, or <see cref="PolicyDiff.OtherTools"/>.</param>
/// <param name="Change"><c>looser</c>, <c>tighter</c> or <c>different</c>, which means both or neither.</param>
/// <param name="Examples">Calls that are decided differently: at most one of each direction.</param>
/// <param name="Said">The changes of the text if no example shows the difference; otherwise empty.</param>
public sealed record ToolDifference(
    string Tool, string Change, ImmutableArray<CallExample> Examples, ImmutableArray<string> Said);
