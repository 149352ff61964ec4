using System.Text.Json.Serialization;

namespace Gateway.Control.Notifications.Outbox;

/// <summary>Where one message to one channel stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>It is tried again and again.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The receiver has it.</summary>
    [JsonStringEnumMemberName("sent")]
    Sent,

    /// <summary>Nobody tries any more; it can be sent again by hand while what it tells of waits.</summary>
    [JsonStringEnumMemberName("dead")]
    Dead,
}
