using System.Collections.Immutable;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Policy.Tools.Diff;

/// <summary>
/// A sequence of calls of one tool. Two policies decide the last one differently and all others alike.
/// </summary>
/// <param name="Tool">The tool to call.</param>
/// <param name="Arguments">The arguments of each call, a JSON object.</param>
/// <param name="Steps">The calls in their order; the last one shows the difference.</param>
/// <param name="Before">The first policy's decision on the last call.</param>
/// <param name="After">The second policy's decision on the last call.</param>
public sealed record CallExample(
    string Tool, string Arguments, ImmutableArray<CallStep> Steps, CallDecision Before, CallDecision After)
{
    /// <summary>The caller of each call, as tests of a policy write it; null for none.</summary>
    public string? Caller { get; init; }

    /// <summary>True if the second policy is more permissive.</summary>
    public bool IsLooser => Openness(After) > Openness(Before);

    /// <summary>Returns the difference as a sentence.</summary>
    public override string ToString()
    {
        var last = Steps[^1];
        var history = (Steps.Length, last) switch
        {
            (1, { Times: 1, AtMs: 0 }) => "",
            (1, _) => $", call {last.Times} at {last.AtMs / 1000m:0.###} s",
            _ => $", after {string.Join(", ", Steps.Take(Steps.Length - 1))}, call {last.Times} at "
                + $"{last.AtMs / 1000m:0.###} s by \"{last.Grant}\"",
        };
        var caller = Caller is null ? "" : $" by {Caller}";
        return $"{Tool} {Arguments}{caller}{history}: {Say(Before)} before the change, {Say(After)} after it";
    }

    /// <summary>Returns how permissive a decision is: nothing passes, calls pass with approval, or all pass.</summary>
    internal static int Openness(CallDecision outcome) => outcome.Word switch { "allow" => 2, "ask" => 1, _ => 0 };

    private static string Say(CallDecision outcome)
    {
        var reason = outcome.Reason.Length > 0 ? $" ({outcome.Reason})" : "";
        return $"{outcome.Word} by {outcome.Rule}{reason}";
    }
}
