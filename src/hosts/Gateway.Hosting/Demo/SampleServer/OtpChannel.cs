using System.Text.Json.Serialization;

namespace Gateway.Hosting.Demo.SampleServer;

/// <summary>How a one-time password travels; named as on the wire, since the tool's schema shows the names.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OtpChannel>))]
internal enum OtpChannel
{
    [JsonStringEnumMemberName("sms")]
    Sms,

    [JsonStringEnumMemberName("voice")]
    Voice,

    [JsonStringEnumMemberName("email")]
    Email,
}
