using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Policy.Json;

namespace Gateway.Proxy.Approvals.Digests;

/// <summary>
/// A SHA-256 digest that identifies a call. Each part is hashed with its length, so that no two lists of parts hash
/// alike and an absent part differs from an empty one.
/// </summary>
public static class CallDigest
{
    /// <summary>
    /// Binds the digest to one caller of a grant, one server, one method and name, and the exact arguments. The grant
    /// counts by name and token, so that a grant that was created again starts again.
    /// </summary>
    /// <param name="purpose">The purpose of the digest; digests for two purposes never match.</param>
    /// <param name="grant">The grant that calls.</param>
    /// <param name="server">The server that it calls.</param>
    /// <param name="message">The call.</param>
    /// <param name="depthMax">The deepest nesting that the reader accepted.</param>
    /// <param name="more">A further part; empty if absent.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Of(
        string purpose,
        GrantModel grant, ServerModel server, McpMessage message, int depthMax, ReadOnlyMemory<byte> more = default)
    {
        return Of(
            [purpose, grant.Name, grant.CallerToken, server.Name, message.Method, message.Name ?? ""],
            message.Arguments, depthMax, more);
    }

    /// <summary>Returns the digest of a call from its parts, without the message.</summary>
    /// <param name="parts">Purpose, grant, the hash of its token, server, method and name.</param>
    /// <param name="arguments">The arguments as JSON; empty if there are none.</param>
    /// <param name="depthMax">The deepest nesting that the reader accepted.</param>
    /// <param name="more">A further part; empty if absent.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Of(
        ReadOnlySpan<string> parts, ReadOnlyMemory<byte> arguments, int depthMax, ReadOnlyMemory<byte> more = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
            Append(hash, Encoding.UTF8.GetBytes(part));
        AppendJson(hash, arguments, depthMax);
        AppendJson(hash, more, depthMax);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Returns the SHA-256 of one JSON value in its canonical form, as 64 lower-case hexadecimal digits.
    /// </summary>
    public static string OfJson(ReadOnlyMemory<byte> json, int depthMax) =>
        Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(json, depthMax)));

    private static void AppendJson(IncrementalHash hash, ReadOnlyMemory<byte> json, int depthMax) =>
        Append(hash, json.IsEmpty ? [] : CanonicalJson.Of(json, depthMax));

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
