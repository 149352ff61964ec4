using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Notifications.Channels;

namespace Gateway.Channels;

/// <summary>
/// The signature of Standard Webhooks 1.0: HMAC-SHA256 over <c>id.timestamp.body</c>, one for each secret.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>Returns the signatures for the header.</summary>
    /// <param name="secrets">The secrets, each <c>whsec_</c> and base64.</param>
    /// <param name="id">The id, equal over all tries.</param>
    /// <param name="unixSeconds">The time of this try.</param>
    /// <param name="body">The body.</param>
    public static string Of(IEnumerable<string> secrets, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        byte[] signed =
        [
            .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}.")), .. body,
        ];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(
            HMACSHA256.HashData(Convert.FromBase64String(secret[ChannelStore.SecretPrefix.Length..]), signed))));
    }
}
