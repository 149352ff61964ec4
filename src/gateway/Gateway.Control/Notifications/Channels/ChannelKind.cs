using System.Text.Json.Serialization;

namespace Gateway.Control.Notifications.Channels;

/// <summary>The form in which a channel receives messages.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChannelKind>))]
public enum ChannelKind
{
    /// <summary>Signed HTTP requests according to Standard Webhooks (standardwebhooks.com).</summary>
    [JsonStringEnumMemberName("webhook")]
    Webhook,

    /// <summary>A Slack incoming webhook.</summary>
    [JsonStringEnumMemberName("slack")]
    Slack,

    /// <summary>A Slack app, whose messages have buttons and are updated with their outcome.</summary>
    [JsonStringEnumMemberName("slack-app")]
    SlackApp,

    /// <summary>A Microsoft Teams workflow that receives an Adaptive Card.</summary>
    [JsonStringEnumMemberName("teams")]
    Teams,

    /// <summary>Mail by SMTP, encrypted with STARTTLS.</summary>
    [JsonStringEnumMemberName("email")]
    Email,
}
