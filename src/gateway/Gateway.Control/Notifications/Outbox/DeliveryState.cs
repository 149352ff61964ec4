using System.Text.Json.Serialization;

namespace Gateway.Control.Notifications.Outbox;

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
