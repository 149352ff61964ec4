using System.Security.Cryptography;
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
public sealed class ArgumentsDigest(DocumentCache documents, IControlStore store, SecretProtector secrets)
{
    private const int IdBytes = 4;
    private readonly SealedKey _key = new(documents, store, secrets, "approvals");

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
        var key = await _key.GetAsync(cancellationToken);
        var id = Convert.ToHexStringLower(SHA256.HashData(key))[..(IdBytes * 2)];
        var digest = HMACSHA256.HashData(key, CanonicalJson.Of(arguments, McpReadBounds.Default.DepthMax));
        return $"{id}:{Convert.ToHexStringLower(digest)}";
    }
}
