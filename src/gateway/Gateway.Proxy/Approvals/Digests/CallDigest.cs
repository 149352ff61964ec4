using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Policy.Json;

namespace Gateway.Proxy.Approvals.Digests;

/// <summary>
/// SHA-256 of what a call is about. Each part goes in with its length, so that no two lists of parts hash alike, and a
/// part that is absent differs from one that is empty.
/// </summary>
public static class CallDigest
{
    /// <summary>
    /// Binds what it names to one grant (by name and token, so that a grant made anew starts anew), one server, one
    /// method and name, and the exact arguments.
    /// </summary>
    /// <param name="purpose">What the digest is for: digests for two purposes never meet.</param>
    /// <param name="grant">The grant that calls.</param>
    /// <param name="server">The server that it calls.</param>
    /// <param name="message">The call.</param>
    /// <param name="depthMax">The deepest nesting that was let in.</param>
    /// <param name="more">A further part; empty where it is absent.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Of(
        string purpose,
        GrantModel grant, ServerModel server, McpMessage message, int depthMax, ReadOnlyMemory<byte> more = default)
    {
        return Of(
            [purpose, grant.Name, grant.Token.ToString(), server.Name, message.Method, message.Name ?? ""],
            message.Arguments, depthMax, more);
    }

    /// <summary>The same of a call that is not at hand, by the parts that it is made of.</summary>
    /// <param name="parts">Purpose, grant, the hash of its token, server, method and name.</param>
    /// <param name="arguments">The arguments as JSON; empty where there are none.</param>
    /// <param name="depthMax">The deepest nesting that was let in.</param>
    /// <param name="more">A further part; empty where it is absent.</param>
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

    /// <summary>SHA-256 of one JSON value in its canonical form, 64 lower-case hexadecimal digits.</summary>
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
