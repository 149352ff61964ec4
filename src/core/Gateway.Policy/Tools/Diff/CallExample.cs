using System.Collections.Immutable;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Policy.Tools.Diff;

/// <summary>Calls of one tool, of which two policies decide the last differently and all others alike.</summary>
/// <param name="Tool">The tool that is called.</param>
/// <param name="Arguments">The arguments of each call, a JSON object.</param>
/// <param name="Steps">The calls in their order; the last one shows the difference.</param>
/// <param name="Before">What the first policy does with it.</param>
/// <param name="After">What the second one does.</param>
public sealed record CallExample(
    string Tool, string Arguments, ImmutableArray<CallStep> Steps, CallDecision Before, CallDecision After)
{
    /// <summary>Whether the second policy lets more through.</summary>
    public bool IsLooser => Openness(After) > Openness(Before);

    /// <summary>The difference as a sentence.</summary>
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
        return $"{Tool} {Arguments}{history}: {Say(Before)}, then {Say(After)}";
    }

    /// <summary>How much an outcome lets through: nothing, what a person allows, all.</summary>
    internal static int Openness(CallDecision outcome) => outcome.Word switch { "allow" => 2, "ask" => 1, _ => 0 };

    private static string Say(CallDecision outcome)
    {
        var reason = outcome.Reason.Length > 0 ? $" ({outcome.Reason})" : "";
        return $"{outcome.Word} by {outcome.Rule}{reason}";
    }
}
