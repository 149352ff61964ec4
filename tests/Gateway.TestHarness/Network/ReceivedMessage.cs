using System.Security.Cryptography;

namespace Gateway.TestHarness.Network;

/// <summary>One message as a receiver got it.</summary>
public sealed record ReceivedMessage(string Path, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Id => Headers["webhook-id"];

    /// <summary>
    /// Verifies the signature as a receiver would, with an independent implementation of the standard.
    /// </summary>
    public bool IsSignedWith(string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var text = Encoding.UTF8.GetBytes($"{Id}.{Headers["webhook-timestamp"]}.{Body}");
        var wanted = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, text));
        return Headers["webhook-signature"].Split(' ').Contains(wanted);
    }
}
