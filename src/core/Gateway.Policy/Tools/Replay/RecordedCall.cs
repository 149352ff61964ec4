using Gateway.Policy.Decisions;

namespace Gateway.Policy.Tools.Replay;

/// <summary>One decision as it was recorded.</summary>
public sealed record RecordedCall
{
    /// <summary>The instant of the decision, Unix milliseconds.</summary>
    public long TimeMs { get; init; }

    /// <summary>Names the attempt.</summary>
    public string CallId { get; init; } = "";

    /// <summary>The grant.</summary>
    public string Grant { get; init; } = "";

    /// <summary>The server.</summary>
    public string Server { get; init; } = "";

    /// <summary>The JSON-RPC method; empty for an answer to a server's question.</summary>
    public string Method { get; init; } = "";

    /// <summary>What it is about; null where the record does not say all of that.</summary>
    public PolicySubject? Subject { get; init; }

    /// <summary>Tool, prompt or URI; null where there was none.</summary>
    public string? Name { get; init; }

    /// <summary>Only the beginning of the name was recorded.</summary>
    public bool IsNameCut { get; init; }

    /// <summary>The session whose counters it counts on; null for none.</summary>
    public string? Session { get; init; }

    /// <summary>Whether the session was recorded; releases before this one did not.</summary>
    public bool HasSession { get; init; }

    /// <summary>The policy that judged; null for none.</summary>
    public string? Policy { get; init; }

    /// <summary>The digest of its document.</summary>
    public string? PolicySha256 { get; init; }

    /// <summary><c>allowed</c>, <c>denied</c>, <c>rate_limited</c>, <c>approval_required</c> or <c>unavailable</c>.
    /// </summary>
    public string Outcome { get; init; } = "";

    /// <summary>The rule that decided.</summary>
    public string Rule { get; init; } = "";

    /// <summary>What troubled the gateway; null where nothing did.</summary>
    public string? Cause { get; init; }

    /// <summary>What it counted.</summary>
    public IReadOnlyList<RecordedCounter> Counters { get; init; } = [];

    /// <summary>What had no room for it; null where nothing refused it so.</summary>
    public RecordedLimit? Limit { get; init; }

    /// <summary>The request for approval that it was about.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>It repeated a counted call with the input that the server had asked for, and took nothing.</summary>
    public bool IsRetry { get; init; }

    /// <summary>What a candidate said that was judged beside; null for none.</summary>
    public CandidateVerdict? Candidate { get; init; }

    /// <summary>The names of its arguments; null where it had no arguments.</summary>
    public IReadOnlyList<string>? ArgumentNames { get; init; }

    /// <summary>Whether there were others.</summary>
    public bool HasMoreNames { get; init; }

    /// <summary>Whether it went on to the server.</summary>
    public bool IsAllowed => Outcome == ReplayWords.Allowed;
}
