using Gateway.Limits.Model;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>
/// The task of a client that waits for the approval of its call and then for the result. It is part of the request's
/// document, so one write ends both. States: waiting → claimed → sent → ended.
/// </summary>
public sealed record ApprovalTask
{
    /// <summary>How long the result is kept from the end of the call or of the time for a decision.</summary>
    public static readonly TimeSpan ResultKeptFor = TimeSpan.FromHours(1);

    /// <summary>The call and its caller, encrypted; null once they are no longer needed.</summary>
    public string? SealedCall { get; init; }

    /// <summary>The run that has claimed the task; null before.</summary>
    public string? Owner { get; init; }

    /// <summary>The time from which another run may take the task over; all times here are Unix milliseconds.</summary>
    public long? OwnedUntilMs { get; init; }

    /// <summary>The time from which a byte of the call may have reached its server; null before.</summary>
    public long? SentMs { get; init; }

    /// <summary>The time at which the caller withdrew the request; null otherwise.</summary>
    public long? WithdrawnMs { get; init; }

    /// <summary>
    /// True for a call that took long and needed no approval: the document is only its task, and a previous release
    /// shows it as a used approval. Null for any other.
    /// </summary>
    public bool? IsLongCall { get; init; }

    /// <summary>
    /// The turn of a call that waits for room of a limit, or waited before it was made; null for any other.
    /// </summary>
    public CallTurn? Turn { get; init; }

    /// <summary>
    /// The response in which the server requests input, and the client's responses so far, encrypted; null unless the
    /// client has to respond. A previous release ends such a task as one that may have been executed.
    /// </summary>
    public string? SealedInput { get; init; }

    /// <summary>The time until which the client may respond; null unless it has to.</summary>
    public long? InputUntilMs { get; init; }

    /// <summary>
    /// The number of times the call goes to the server again, with requested input; null for the first. From then on,
    /// the call counts whatever happens. To a previous release, a round that waits for its run is a used approval.
    /// </summary>
    public int? Round { get; init; }

    /// <summary>True once the client has reported that its user saw the link; null before.</summary>
    public bool? IsLinkShown { get; init; }

    /// <summary>The time at which the run ended; null before, and if there was no run.</summary>
    public long? EndedMs { get; init; }

    /// <summary>
    /// The JSON-RPC response with the result, encrypted; null before the end, and if the state of the request is the
    /// result.
    /// </summary>
    public string? SealedResponse { get; init; }

    /// <summary>True for a call that no person was asked about: the document is only its task.</summary>
    internal bool IsOnlyTask => IsLongCall == true || Turn is not null;

    /// <summary>Returns true if a run may claim the task: nobody has, or its owner has not renewed the claim.</summary>
    internal bool IsFreeAt(long nowMs) => OwnedUntilMs is not { } until || nowMs >= until
        // Dated by a clock that has since been set back.
        || until > nowMs + TaskClaim.ValidForMs + ClockBounds.AheadMaxMs;
}
