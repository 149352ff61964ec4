using Gateway.Limits.Model;
using Gateway.Policy.Decisions;

namespace Gateway.Policy.Tools.Replay;

/// <summary>One recorded decision.</summary>
public sealed record RecordedCall
{
    /// <summary>The instant of the decision, Unix milliseconds.</summary>
    public long TimeMs { get; init; }

    /// <summary>The id of the attempt.</summary>
    public string CallId { get; init; } = "";

    /// <summary>The name of the grant.</summary>
    public string Grant { get; init; } = "";

    /// <summary>The name of the server.</summary>
    public string Server { get; init; } = "";

    /// <summary>The JSON-RPC method; empty for a response to a server's request.</summary>
    public string Method { get; init; } = "";

    /// <summary>The subject of the message; null if the record does not contain all of it.</summary>
    public PolicySubject? Subject { get; init; }

    /// <summary>The tool, prompt or URI; null if there was none.</summary>
    public string? Name { get; init; }

    /// <summary>True if only the beginning of the name was recorded.</summary>
    public bool IsNameCut { get; init; }

    /// <summary>The session on whose counters the call counts; null for none.</summary>
    public string? Session { get; init; }

    /// <summary>True if the session was recorded; earlier releases did not record it.</summary>
    public bool HasSession { get; init; }

    /// <summary>The recorded caller, without claims; null if none was recorded.</summary>
    public Caller? Caller { get; init; }

    /// <summary>The policy that decided; null for none.</summary>
    public string? Policy { get; init; }

    /// <summary>SHA-256 of the policy's document.</summary>
    public string? PolicySha256 { get; init; }

    /// <summary><c>allowed</c>, <c>denied</c>, <c>rate_limited</c>, <c>approval_required</c> or <c>unavailable</c>.
    /// </summary>
    public string Outcome { get; init; } = "";

    /// <summary>The rule that decided.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The gateway's own failure; null if there was none.</summary>
    public string? Cause { get; init; }

    /// <summary>The counters that the call was counted on.</summary>
    public IReadOnlyList<RecordedCounter> Counters { get; init; } = [];

    /// <summary>The limit that had no room; null if no limit refused the call.</summary>
    public RecordedLimit? Limit { get; init; }

    /// <summary>The id of the call's approval request.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>
    /// True if the call repeated a counted call with the input that the server had requested, and took nothing.
    /// </summary>
    public bool IsRetry { get; init; }

    /// <summary>The decision of a candidate that was evaluated too; null for none.</summary>
    public CandidateDecision? Candidate { get; init; }

    /// <summary>The names of its arguments; null if it had no arguments.</summary>
    public IReadOnlyList<string>? ArgumentNames { get; init; }

    /// <summary>True if there were further names.</summary>
    public bool HasMoreNames { get; init; }

    /// <summary>True if the call went on to the server.</summary>
    public bool IsAllowed => Outcome == ReplayWords.Allowed;
}

/// <summary>The charge of an allowed call on one counter.</summary>
/// <param name="Key">The counter's identity as text.</param>
/// <param name="WindowStartMs">The start of its window, Unix milliseconds.</param>
/// <param name="Cost">The amount that the call took.</param>
/// <param name="Used">The amount charged at that time, this call included.</param>
public readonly record struct RecordedCounter(string Key, long WindowStartMs, Amount Cost, Amount Used);

/// <summary>The limit that had no room for a call.</summary>
/// <param name="Counter">The counter's name as the policy writes it.</param>
/// <param name="Window">The window as the policy writes it.</param>
/// <param name="Used">The amount charged at that time.</param>
/// <param name="ResetAtMs">The end of its window, Unix milliseconds; 0 if unknown.</param>
public sealed record RecordedLimit(string Counter, string Window, Amount Used, long ResetAtMs);
