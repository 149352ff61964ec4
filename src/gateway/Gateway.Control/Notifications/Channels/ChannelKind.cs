using System.Text.Json.Serialization;

namespace Gateway.Control.Notifications.Channels;

/// <summary>The form in which a channel takes messages.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChannelKind>))]
public enum ChannelKind
{
    /// <summary>Signed HTTP requests as Standard Webhooks has them (standardwebhooks.com).</summary>
    [JsonStringEnumMemberName("webhook")]
    Webhook,

    /// <summary>A Slack incoming webhook.</summary>
    [JsonStringEnumMemberName("slack")]
    Slack,

    /// <summary>A Slack app, whose messages have buttons and say at last what became of them.</summary>
    [JsonStringEnumMemberName("slack-app")]
    SlackApp,

    /// <summary>A Microsoft Teams workflow that takes an Adaptive Card.</summary>
    [JsonStringEnumMemberName("teams")]
    Teams,

    /// <summary>Mail by SMTP, encrypted with STARTTLS.</summary>
    [JsonStringEnumMemberName("email")]
    Email,
}
