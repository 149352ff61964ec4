using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Gateway.Mcp.Writing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Proxy.Upstreams.Sessions;

/// <summary>
/// The sealer of session ids with ASP.NET Core Data Protection; frontends that share its keys share sessions.
/// </summary>
public sealed class SessionSealer : ISessionSealer
{
    /// <summary>The maximum length of an id, in characters; a longer one is rejected unread. 8,192.</summary>
    public const int ClientIdCharsMax = 8192;

    // An opened id stays opened while the process lives. The bound limits the memory of a flood of sessions; emptying
    // the cache costs each live session one more opening.
    private const int RememberedMax = 16_384;
    private const string OpensUrls = "url";

    // An id may end with the index of its revision, and after it with what its client declares of apps. Earlier
    // releases ignore fewer than four bytes after the last part, so they open the id too. An index is never reused.
    private static readonly string[] Revisions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    private readonly IDataProtector _protector;
    private readonly ConcurrentDictionary<(string Id, string Grant, string Server), BoundSession> _opened = new();

    /// <summary>Uses the provider's keys for this purpose only.</summary>
    public SessionSealer(IDataProtectionProvider provider) =>
        _protector = provider.CreateProtector("Gateway.Mcp.Session.v1");

    /// <inheritdoc/>
    public string Seal(
        string grant, string server, string upstreamId, bool opensUrls = false, string? revision = null,
        bool? showsApps = null)
    {
        using var buffer = new PooledBuffer();
        foreach (var part in (ReadOnlySpan<string>)[grant, server, upstreamId])
            Append(buffer, part);
        // Earlier releases do not accept an id with this part, so it is only included if true.
        if (opensUrls)
            Append(buffer, OpensUrls);
        var end = (ReadOnlySpan<byte>)[(byte)(Array.IndexOf(Revisions, revision) + 1), AppsByte(showsApps)];
        // The previous release reads one byte as the revision, and takes it as unknown after two.
        buffer.Write(end[..(end[1] > 0 ? 2 : end[0] > 0 ? 1 : 0)]);

        return WebEncoders.Base64UrlEncode(_protector.Protect(buffer.Written.ToArray()));
    }

    /// <inheritdoc/>
    public BoundSession? Open(string clientId, string grant, string server)
    {
        if (clientId.Length > ClientIdCharsMax)
            return null;
        if (_opened.TryGetValue((clientId, grant, server), out var known))
            return known;
        if (Unprotect(clientId, out var revision, out var showsApps)
            is not [var forGrant, var forServer, var upstreamId, .. var more]
            || more is not ([] or [OpensUrls]) || forGrant != grant || forServer != server)
            return null;

        var session = Bound(grant, server, upstreamId) with
        {
            OpensUrls = more is [OpensUrls],
            Revision = revision,
            ShowsApps = showsApps,
        };
        if (_opened.Count >= RememberedMax)
            _opened.Clear();
        _opened.TryAdd((clientId, grant, server), session);
        return session;
    }

    /// <inheritdoc/>
    public BoundSession Bound(string grant, string server, string upstreamId) =>
        new(upstreamId, CounterIdOf(grant, server, upstreamId));

    private static byte AppsByte(bool? showsApps) => showsApps switch { null => 0, false => 1, true => 2 };

    private static void Append(PooledBuffer buffer, string part)
    {
        var length = Encoding.UTF8.GetByteCount(part);
        BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(4), length);
        buffer.Advance(4);
        buffer.Advance(Encoding.UTF8.GetBytes(part, buffer.GetSpan(length)));
    }

    private static string CounterIdOf(string grant, string server, string upstreamId)
    {
        using var buffer = new PooledBuffer();
        foreach (var part in (ReadOnlySpan<string>)[grant, server, upstreamId])
            Append(buffer, part);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.Written.Span).AsSpan(0, 16));
    }

    private string[]? Unprotect(string clientId, out string? revision, out bool? showsApps)
    {
        (revision, showsApps) = (null, null);
        try
        {
            var bytes = _protector.Unprotect(WebEncoders.Base64UrlDecode(clientId)).AsSpan();
            var parts = new List<string>(3);
            while (bytes.Length >= 4)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
                parts.Add(Encoding.UTF8.GetString(bytes.Slice(4, length)));
                bytes = bytes[(4 + length)..];
            }

            if (bytes is [> 0 and var index, ..])
                revision = Revisions.ElementAtOrDefault(index - 1);
            if (bytes is [_, > 0 and var apps, ..])
                showsApps = apps > 1;
            return [.. parts];
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
