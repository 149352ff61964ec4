using Gateway.Policy.Json;

namespace Gateway.Policy.Expressions;

/// <summary>
/// A regular expression with the syntax and the bounds of <c>matches</c>, for texts that are not of a call.
/// </summary>
public sealed class ClaimPattern
{
    private readonly SafeRegex _regex;

    private ClaimPattern(SafeRegex regex) => _regex = regex;

    /// <summary>Compiles an expression; null, with a problem, if it is invalid or needs backtracking.</summary>
    public static ClaimPattern? Compile(string text, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SafeRegex.Compile(text, out problem) is { } regex ? new ClaimPattern(regex) : null;
    }

    /// <summary>Returns true if the expression is found within the work that one call may use.</summary>
    public bool IsFoundIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _regex.IsMatch(text, new WorkBudget()) == true;
    }
}
