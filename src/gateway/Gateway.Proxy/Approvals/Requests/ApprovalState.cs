using System.Text.Json.Serialization;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>The state of an approval request: open → approved → used, or open → denied.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApprovalState>))]
public enum ApprovalState
{
    /// <summary>No decision yet.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>The identical call may proceed once.</summary>
    [JsonStringEnumMemberName("approved")]
    Approved,

    /// <summary>A person denied the call.</summary>
    [JsonStringEnumMemberName("denied")]
    Denied,

    /// <summary>The approved call proceeded.</summary>
    [JsonStringEnumMemberName("used")]
    Used,

    /// <summary>Nobody decided, or the agent did not retry the call, in time. Never stored.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,
}
