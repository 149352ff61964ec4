using Gateway.Policy.Tools.Diff;

namespace Gateway.Admin.Policies;

/// <summary>What becomes of the calls of one tool, or of those that one pattern names.</summary>
/// <param name="Tool">A tool's name, a pattern, or <c>(any other tool)</c>.</param>
/// <param name="Change"><c>looser</c>, <c>tighter</c> or <c>different</c>.</param>
/// <param name="Examples">Calls that are decided differently.</param>
/// <param name="Said">What changed in the text, where no call was found that shows it.</param>
internal sealed record PolicyDifferenceView(
    string Tool, string Change, IReadOnlyList<string> Examples, IReadOnlyList<string> Said)
{
    public static PolicyDifferenceView Of(ToolDifference found) => new(
        found.Tool, found.Change, [.. found.Examples.Select(static example => example.ToString())], found.Said);
}
