using System.Collections.Immutable;

namespace Gateway.Policy.Results;

/// <summary>The decision on one message of a server.</summary>
/// <param name="IsChanged">True if the written output passes in place of the message.</param>
/// <param name="Denial">The reason why the message does not pass; null if it does.</param>
/// <param name="ShadowDenial">The denial that would apply without shadow mode.</param>
/// <param name="Redacted">The number of matches of each rule; rules in shadow mode changed nothing.</param>
public sealed record ResultDecision(
    bool IsChanged, ResultDenial? Denial, ResultDenial? ShadowDenial, ImmutableArray<RedactionCount> Redacted)
{
    /// <summary>The decision to pass a message unchanged.</summary>
    public static ResultDecision Pass { get; } = new(false, null, null, []);

    internal static ResultDecision Denied(ResultDenial denial) => new(false, denial, null, []);
}

/// <summary>The number of matches of one rule.</summary>
/// <param name="Rule">JSON Pointer to the rule.</param>
/// <param name="Count">Number of locations; a value that a text repeats counts again.</param>
/// <param name="IsShadow">True if nothing was changed.</param>
public readonly record struct RedactionCount(string Rule, int Count, bool IsShadow);
