using Gateway.Policy.Conditions;

namespace Gateway.Policy.Results;

/// <summary>One rule for responses: a path or a pattern to redact, or a condition that denies.</summary>
/// <param name="Pointer">The location of the rule in the document.</param>
/// <param name="IsShadow">True if matches are only recorded.</param>
/// <param name="Path">The value to redact; null for the other two kinds.</param>
/// <param name="Pattern">The pattern to redact in every text.</param>
/// <param name="DenyIf">The condition that denies the response.</param>
internal sealed record ResultRule(
    string Pointer, bool IsShadow, ArgumentPath? Path = null, TextPattern? Pattern = null, Condition? DenyIf = null)
{
    /// <summary>Returns the effect of the rule in words.</summary>
    public string Describe() =>
        (Path is { } path ? $"{path} of the response is redacted"
            : Pattern is { } pattern ? $"{pattern.Name} anywhere in the response is redacted"
            : $"a response where {DenyIf!.Describe()} is denied")
        + (IsShadow ? ", in shadow: it is only recorded" : "");
}
