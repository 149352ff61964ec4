using System.Text.Json.Serialization;

namespace Gateway.Hosting.Demo.SampleServer;

/// <summary>
/// The channel of a one-time password; the names are those on the wire, because the tool's schema shows them.
/// </summary>
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
