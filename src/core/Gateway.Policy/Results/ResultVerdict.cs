using System.Collections.Immutable;

namespace Gateway.Policy.Results;

/// <summary>What is to be done with one message of a server.</summary>
/// <param name="IsChanged">What passes is what was written, not the message.</param>
/// <param name="Denial">Why it does not pass; null where it does.</param>
/// <param name="ShadowDenial">Why it would not, were no rule in shadow.</param>
/// <param name="Redacted">How often each rule found something; those in shadow changed nothing.</param>
public sealed record ResultVerdict(
    bool IsChanged, ResultDenial? Denial, ResultDenial? ShadowDenial, ImmutableArray<RedactionCount> Redacted)
{
    /// <summary>It passes as it is.</summary>
    public static ResultVerdict Pass { get; } = new(false, null, null, []);

    internal static ResultVerdict Denied(ResultDenial denial) => new(false, denial, null, []);
}
