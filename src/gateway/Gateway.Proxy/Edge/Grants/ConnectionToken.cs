using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Edge.Grants;

/// <summary>
/// A connection feature: the hash of the latest Authorization header. Hashing a token takes about 2 µs, and an agent
/// sends the same token with each call of its connection. As long as the bytes are the same, the web server returns the
/// same string object.
/// </summary>
internal sealed class ConnectionToken
{
    // HTTP/2 handles several requests at once, so text and hash must change together.
    private volatile Hashed? _last;

    /// <summary>Returns the hash of the token in a header.</summary>
    /// <param name="header">The header's whole value.</param>
    /// <param name="from">The index at which the token begins; spaces around it are ignored.</param>
    public TokenHash Of(string header, int from)
    {
        if (_last is { } last && ReferenceEquals(last.Header, header))
            return last.Hash;
        var hash = Hash(header, from);
        _last = new Hashed(header, hash);
        return hash;
    }

    /// <summary>Returns the hash of a token without a cache.</summary>
    public static TokenHash Hash(string header, int from) => TokenHash.Of(header.AsSpan(from).Trim(' '));

    private sealed record Hashed(string Header, TokenHash Hash);
}
