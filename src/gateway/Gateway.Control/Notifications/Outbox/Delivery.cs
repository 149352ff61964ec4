namespace Gateway.Control.Notifications.Outbox;

/// <summary>One message to one channel, as the control store keeps it.</summary>
public sealed record Delivery
{
    /// <summary>The channel's name.</summary>
    public required string Channel { get; init; }

    /// <summary>The notification's id.</summary>
    public required string Notification { get; init; }

    /// <summary>Where it stands.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>How often it was tried, a try that is under way included.</summary>
    public required int Tries { get; init; }

    /// <summary>
    /// Not before then: the frontend that tries it has it to itself until then. Unix milliseconds, as each instant.
    /// </summary>
    public required long NextMs { get; init; }

    /// <summary>When it was sent or given up; null before.</summary>
    public long? EndedMs { get; init; }

    /// <summary>By what the message is changed once it is over; null where it cannot be.</summary>
    public string? Receipt { get; init; }

    /// <summary>How often it was tried to change the message.</summary>
    public int EndTries { get; init; }

    /// <summary>Why the last try failed; null where none has.</summary>
    public string? Problem { get; init; }
}
