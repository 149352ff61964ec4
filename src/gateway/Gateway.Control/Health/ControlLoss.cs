using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Policy.Decisions;

namespace Gateway.Control.Health;

/// <summary>
/// What becomes of calls while the shared control store cannot be reached. By default all are refused once it has not
/// been reached for <see cref="StoreStaleness.StaleAfter"/>. An operator may choose that calls without limits and
/// without approval go on for a while by what was last known; a revoked or paused grant is then served that much
/// longer.
/// </summary>
public sealed class ControlLoss(StoreStaleness control, StoreLossOptions options)
{
    /// <summary>The longest that may be chosen.</summary>
    public static readonly TimeSpan LastKnownMax =
        OptionRange.Longest<StoreLossOptions>(nameof(StoreLossOptions.LastKnownFor));

    // Two looks at the store that did not succeed: it is being lost, and not merely slow.
    private static readonly TimeSpan LosingAfter = TimeSpan.FromSeconds(1.5);

    private readonly TimeSpan _lastKnownFor =
        options.LastKnownFor < LastKnownMax ? options.LastKnownFor : LastKnownMax;

    /// <summary>Why no grant can be trusted now; null while they can, or are by choice.</summary>
    public string? Fault => control.Fault is { } fault && !ServesLastKnown ? fault : null;

    /// <summary>Why grants are older than is promised, by choice or not; null while they are not.</summary>
    public string? Stale => control.Fault;

    /// <summary>Whether calls without limits go on by what was last known.</summary>
    public bool ServesLastKnown => control.Age is var age && age > LosingAfter && age <= _lastKnownFor;

    /// <summary>Why this call is not let through; null where the loss does not concern it.</summary>
    public Refusal? Refuses(PolicyDecision decision)
    {
        if (control.Fault is not { } stale || (ServesLastKnown && IsUnlimited(decision)))
            return null;
        return Refusal.Unavailable(Trouble.Control, PolicyRuleNames.ControlUnavailable, stale);
    }

    private static bool IsUnlimited(PolicyDecision decision) =>
        decision.Outcome != DecisionOutcome.Ask && decision.LimitCosts.IsEmpty;
}
