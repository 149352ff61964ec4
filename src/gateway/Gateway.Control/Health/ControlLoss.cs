using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Policy.Decisions;

namespace Gateway.Control.Health;

/// <summary>
/// The handling of calls while the shared control store cannot be reached. By default all calls are refused once it has
/// not been reached for <see cref="StoreStaleness.StaleAfter"/>. An operator may choose that calls without limits and
/// without approval go on for a while with the last known state; a revoked or paused grant is then served that much
/// longer.
/// </summary>
public sealed class ControlLoss(StoreStaleness control, StoreLossOptions options)
{
    /// <summary>The longest time that may be chosen.</summary>
    public static readonly TimeSpan LastKnownMax =
        OptionRange.Longest<StoreLossOptions>(nameof(StoreLossOptions.LastKnownFor));

    // Two failed requests to the store: it is being lost, and not merely slow.
    private static readonly TimeSpan LosingAfter = TimeSpan.FromSeconds(1.5);

    private readonly TimeSpan _lastKnownFor =
        options.LastKnownFor < LastKnownMax ? options.LastKnownFor : LastKnownMax;

    /// <summary>The reason why no grant can be trusted now; null while they can be, or are trusted by choice.</summary>
    public string? Fault => control.Fault is { } fault && !ServesLastKnown ? fault : null;

    /// <summary>The reason why grants are older than promised, by choice or not; null while they are not.</summary>
    public string? Stale => control.Fault;

    /// <summary>True if calls without limits go on with the last known state.</summary>
    public bool ServesLastKnown => control.Age is var age && age > LosingAfter && age <= _lastKnownFor;

    /// <summary>Returns the reason why this call is refused; null if the loss does not affect it.</summary>
    public Refusal? Refuses(PolicyDecision decision)
    {
        if (control.Fault is not { } stale || (ServesLastKnown && IsUnlimited(decision)))
            return null;
        return Refusal.Unavailable(Trouble.Control, PolicyRuleNames.ControlUnavailable, stale);
    }

    private static bool IsUnlimited(PolicyDecision decision) =>
        decision.Outcome != DecisionOutcome.Ask && decision.LimitCosts.IsEmpty;
}
