using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Edge.Grants;

/// <summary>
/// A feature of every connection: the hash of the header that it brought last. To hash a token costs some 2 µs, and an
/// agent sends the same one with each call of its connection, where the web server hands out the same string again as
/// long as its bytes are the same.
/// </summary>
internal sealed class ConnectionToken
{
    // Of HTTP/2 several requests come in at once: text and hash change together.
    private volatile Hashed? _last;

    /// <summary>The hash of the token that stands in a header.</summary>
    /// <param name="header">The header's whole value.</param>
    /// <param name="from">Where the token begins in it; spaces around it are none of its own.</param>
    public TokenHash Of(string header, int from)
    {
        if (_last is { } last && ReferenceEquals(last.Header, header))
            return last.Hash;
        var hash = Hash(header, from);
        _last = new Hashed(header, hash);
        return hash;
    }

    /// <summary>The same where no connection is known.</summary>
    public static TokenHash Hash(string header, int from) => TokenHash.Of(header.AsSpan(from).Trim(' '));

    private sealed record Hashed(string Header, TokenHash Hash);
}
