using Gateway.Policy.Conditions;

namespace Gateway.Policy.Results;

/// <summary>
/// One rule on what a server answers: of a path or a pattern what is redacted, of a condition what is denied.
/// </summary>
/// <param name="Pointer">Where it stands in the document.</param>
/// <param name="IsShadow">Only recorded.</param>
/// <param name="Path">The value that is redacted; null for the other two.</param>
/// <param name="Pattern">What is redacted in every text.</param>
/// <param name="DenyIf">What denies the answer.</param>
internal sealed record ResultRule(
    string Pointer, bool IsShadow, ArgumentPath? Path = null, TextPattern? Pattern = null, Condition? DenyIf = null)
{
    /// <summary>What it does with an answer.</summary>
    public string Describe() =>
        (Path is { } path ? $"{path} of the answer is redacted"
            : Pattern is { } pattern ? $"{pattern.Name} anywhere in the answer is redacted"
            : $"an answer where {DenyIf!.Describe()} is denied")
        + (IsShadow ? ", in shadow: it is only recorded" : "");
}
