using Gateway.Policy.Tools.Diff;

namespace Gateway.Admin.Policies;

/// <summary>The differences for the calls of one tool, or of the tools that one pattern matches.</summary>
/// <param name="Tool">A tool's name, a pattern, or <c>(any other tool)</c>.</param>
/// <param name="Change"><c>looser</c>, <c>tighter</c> or <c>different</c>.</param>
/// <param name="Examples">Calls that are decided differently.</param>
/// <param name="Said">The changes of the text, if no call was found that shows them.</param>
internal sealed record PolicyDifferenceView(
    string Tool, string Change, IReadOnlyList<string> Examples, IReadOnlyList<string> Said)
{
    public static PolicyDifferenceView Of(ToolDifference found) => new(
        found.Tool, found.Change, [.. found.Examples.Select(static example => example.ToString())], found.Said);
}
