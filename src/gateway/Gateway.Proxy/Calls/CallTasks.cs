namespace Gateway.Proxy.Calls;

/// <summary>The tasks that a message names.</summary>
/// <param name="Tool">The tool whose call created the task; null if the message names several tasks.</param>
/// <param name="Handles">The client's ids of the tasks, keyed by the server's own.</param>
internal sealed record CallTasks(string? Tool, IReadOnlyDictionary<string, string> Handles)
{
    /// <summary>A task that is not the caller's, or does not exist.</summary>
    public static CallTasks Unknown { get; } = new(null, new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>True if the caller has no such task.</summary>
    public bool IsUnknown => Handles.Count == 0;
}
