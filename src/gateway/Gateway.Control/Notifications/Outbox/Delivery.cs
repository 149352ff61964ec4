using System.Text.Json.Serialization;

namespace Gateway.Control.Notifications.Outbox;

/// <summary>One message to one channel, as the control store keeps it.</summary>
public sealed record Delivery
{
    /// <summary>The channel's name.</summary>
    public required string Channel { get; init; }

    /// <summary>The notification's id.</summary>
    public required string Notification { get; init; }

    /// <summary>The state of the delivery.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>The number of tries, including one that is under way.</summary>
    public required int Tries { get; init; }

    /// <summary>
    /// The time of the next try in Unix milliseconds, like every time here. Until then the delivery belongs to the
    /// frontend that is trying it.
    /// </summary>
    public required long NextMs { get; init; }

    /// <summary>The time at which it was sent or given up; null before.</summary>
    public long? EndedMs { get; init; }

    /// <summary>The receipt by which the message is changed once it is over; null if it cannot be changed.</summary>
    public string? Receipt { get; init; }

    /// <summary>The number of tries to change the message.</summary>
    public int EndTries { get; init; }

    /// <summary>The reason why the last try failed; null if none has.</summary>
    public string? Problem { get; init; }
}

/// <summary>The state of one message to one channel.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>The message is retried until it is sent or given up.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The receiver accepted the message.</summary>
    [JsonStringEnumMemberName("sent")]
    Sent,

    /// <summary>The message was given up; an operator can send it again while its subject is pending.</summary>
    [JsonStringEnumMemberName("dead")]
    Dead,
}
