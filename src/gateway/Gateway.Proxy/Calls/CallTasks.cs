using Gateway.Policy.Decisions;

namespace Gateway.Proxy.Calls;

/// <summary>The tasks that a message names.</summary>
/// <param name="Tool">The tool whose call created the task; null if the message names several tasks.</param>
/// <param name="Handles">The client's ids of the tasks, keyed by the server's own.</param>
internal sealed record CallTasks(string? Tool, IReadOnlyDictionary<string, string> Handles)
{
    /// <summary>A task that is not the caller's, or does not exist.</summary>
    public static CallTasks Unknown { get; } = new(null, new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>True if the caller has no such task.</summary>
    public bool IsUnknown => ReferenceEquals(this, Unknown);

    /// <summary>The call that waits for its approval, if the task is the gateway's own.</summary>
    public OwnTask? Own { get; init; }
}

/// <summary>A task of the gateway: a call that waits for its approval.</summary>
/// <param name="ApprovalId">The request for approval.</param>
/// <param name="Call">The digest of the call.</param>
internal sealed record OwnTask(string ApprovalId, string Call)
{
    /// <summary>
    /// The denial of the tool by the current policy, which withholds a result; null if there is none.
    /// </summary>
    public PolicyDecision? Denial { get; set; }
}
