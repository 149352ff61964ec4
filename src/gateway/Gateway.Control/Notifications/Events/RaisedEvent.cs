namespace Gateway.Control.Notifications.Events;

/// <summary>An event of which people are notified, as the control store keeps it.</summary>
public sealed record RaisedEvent
{
    /// <summary>The type of the event, such as <c>budget.reached</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The grant that the event is about; empty for none.</summary>
    public required string Grant { get; init; }

    /// <summary>The server that the event is about.</summary>
    public required string Server { get; init; }

    /// <summary>The tool that the event is about.</summary>
    public required string Tool { get; init; }

    /// <summary>The JSON Pointer to the rule that caused it; empty for none.</summary>
    public required string Rule { get; init; }

    /// <summary>One sentence without its full stop.</summary>
    public required string Reason { get; init; }

    /// <summary>The next step for a person: a command.</summary>
    public required string NextStep { get; init; }

    /// <summary>Names, numbers and instants, in the order in which they are shown.</summary>
    public required IReadOnlyDictionary<string, string> Facts { get; init; }

    /// <summary>The time of the event in Unix milliseconds.</summary>
    public required long AtMs { get; init; }

    /// <summary>The time from which it is no longer reported and may happen again, in Unix milliseconds.</summary>
    public required long ExpiresMs { get; init; }

    /// <summary>
    /// Returns when an event about a window expires. It stays useful after a short window has ended, and a channel may
    /// be unavailable for a moment.
    /// </summary>
    public static long ExpiryOf(long windowEndMs, long nowMs) => Math.Max(windowEndMs, nowMs + (15 * 60_000));
}
