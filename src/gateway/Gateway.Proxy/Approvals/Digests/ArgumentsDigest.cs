using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Mcp.Reading;
using Gateway.Policy.Json;

namespace Gateway.Proxy.Approvals.Digests;

/// <summary>
/// The digest of arguments in the audit record: HMAC-SHA256 under a key of the gateway, so that a reader of the record
/// cannot find the arguments by guessing. The key is a sealed control document, shared by a fleet, and is created on
/// first use.
/// </summary>
public sealed class ArgumentsDigest(
    DocumentCache documents, IControlStore store, SecretProtector secrets)
{
    private const int KeyBytes = 32;
    private const int IdBytes = 4;
    private static readonly ControlKey Key = new(ControlKinds.DigestKeys, "approvals");

    private volatile KnownKey? _known;

    /// <summary>
    /// Returns the key's id (8 hexadecimal digits), a colon and 64 hexadecimal digits; null if there are no arguments.
    /// </summary>
    /// <param name="arguments">The arguments as JSON; equal values give equal digests regardless of formatting.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="ControlStoreException">The key cannot be read or stored.</exception>
    public async ValueTask<string?> OfAsync(ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken)
    {
        if (arguments.IsEmpty)
            return null;
        var key = await KeyAsync(cancellationToken);
        var digest = HMACSHA256.HashData(key.Bytes, CanonicalJson.Of(arguments, McpReadBounds.Default.DepthMax));
        return $"{key.Id}:{Convert.ToHexStringLower(digest)}";
    }

    private async ValueTask<KnownKey> KeyAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < WriteAttempts.Max; attempt++)
        {
            var snapshot = await documents.ReadAsync(cancellationToken);
            var found = snapshot.Find(Key);
            if (found is not null && _known is { } known && known.Version == found.Version)
                return known;
            if (found is not null && Opened(found, snapshot) is { } opened)
                return _known = opened;
            // If the keys of the store are lost, digests made under this key can no longer be compared.
            var bytes = RandomNumberGenerator.GetBytes(KeyBytes);
            var text = await secrets.SealAsync(Convert.ToBase64String(bytes), cancellationToken);
            // A document is JSON; sealed text needs no escaping.
            var content = Encoding.UTF8.GetBytes($"\"{text}\"");
            await store.WriteAsync(Key, found?.Version ?? 0, content, cancellationToken);
        }

        throw WriteAttempts.Exceeded("The key of argument digests");
    }

    private KnownKey? Opened(ControlDocument document, ControlSnapshot snapshot)
    {
        var text = Encoding.UTF8.GetString(document.Content.Span).Trim('"');
        if (!secrets.TryOpen(text, out var key))
        {
            // Another frontend may have sealed it with a new key.
            secrets.Update(snapshot);
            if (!secrets.TryOpen(text, out key))
                return null;
        }

        var bytes = Convert.FromBase64String(key);
        return new KnownKey(document.Version, Convert.ToHexStringLower(SHA256.HashData(bytes))[..(IdBytes * 2)], bytes);
    }

    private sealed record KnownKey(long Version, string Id, byte[] Bytes);
}
