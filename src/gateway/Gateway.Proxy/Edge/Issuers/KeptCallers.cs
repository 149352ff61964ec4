using System.Collections.Concurrent;
using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>
/// The callers of verified tokens, by the hash of the whole token. An entry proves only that the signature was right:
/// expiry, issuer, key, address and pauses are checked at each use.
/// </summary>
internal sealed class KeptCallers(int countMax = KeptCallers.CountMax, long bytesMax = KeptCallers.BytesMax)
{
    /// <summary>The maximum number of entries.</summary>
    public const int CountMax = 16_384;

    /// <summary>The maximum size of the claims of all entries.</summary>
    public const long BytesMax = 32 * 1024 * 1024;

    private readonly ConcurrentDictionary<TokenHash, CallerIdentity> _all = new();
    private long _bytes;

    /// <summary>The number of entries.</summary>
    public int Count => _all.Count;

    /// <summary>Returns the caller of a token that was verified before; null if it is not known.</summary>
    public CallerIdentity? Find(TokenHash token) => _all.TryGetValue(token, out var caller) ? caller : null;

    /// <summary>Adds a caller, or replaces that of the same token.</summary>
    public void Keep(TokenHash token, CallerIdentity caller)
    {
        var bytes = caller.Caller.Claims.Length;
        if (_all.Count >= countMax || Interlocked.Read(ref _bytes) + bytes > bytesMax)
        {
            // Each caller's next request verifies its token again.
            _all.Clear();
            Interlocked.Exchange(ref _bytes, 0);
        }

        if (_all.TryAdd(token, caller))
            Interlocked.Add(ref _bytes, bytes);
        else
            _all[token] = caller;
    }

    /// <summary>
    /// Removes expired entries. Of the others, releases configurations that are no longer current: each of thousands of
    /// callers could otherwise hold another one.
    /// </summary>
    public void Trim(GatewaySnapshot current, long nowMs)
    {
        foreach (var entry in _all)
        {
            if (nowMs < entry.Value.UntilMs)
                entry.Value.ForgetAllBut(current);
            else if (_all.TryRemove(entry))
                Interlocked.Add(ref _bytes, -entry.Value.Caller.Claims.Length);
        }
    }
}
