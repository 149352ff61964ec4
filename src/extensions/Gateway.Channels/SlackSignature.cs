using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Channels;

/// <summary>
/// The signature by which a request is verified to be from Slack: hexadecimal HMAC-SHA256 of <c>v0:TIMESTAMP:BODY</c>
/// in <c>X-Slack-Signature</c>, at most five minutes old. Source: Slack's "Verifying requests from Slack".
/// </summary>
internal static class SlackSignature
{
    private const string Version = "v0";
    private const long SecondsMax = 300;

    /// <summary>Returns the value of the header.</summary>
    public static string Of(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Version}:{timestamp}:"), .. body];
        return $"{Version}={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }

    /// <summary>Returns true if the headers match the body and the time.</summary>
    public static bool Fits(
        string secret, string? timestamp, string? signature, ReadOnlySpan<byte> body, long nowMs) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs((nowMs / 1000) - seconds) <= SecondsMax
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Of(secret, timestamp!, body)), Encoding.UTF8.GetBytes(signature ?? ""));
}
