using System.Text.Json.Serialization;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>Where a request for approval stands: open → approved → used, or open → denied.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApprovalState>))]
public enum ApprovalState
{
    /// <summary>Nobody has answered yet.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>The same call goes ahead once.</summary>
    [JsonStringEnumMemberName("approved")]
    Approved,

    /// <summary>A person said no.</summary>
    [JsonStringEnumMemberName("denied")]
    Denied,

    /// <summary>The one call that it was for went ahead.</summary>
    [JsonStringEnumMemberName("used")]
    Used,

    /// <summary>Nobody answered, or nobody came back for the answer, in time. Never stored.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,
}
