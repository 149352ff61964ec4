using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Limits.Model;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>A cache of clients' documents, each kept for as long as its host allows. Failures are not cached.</summary>
internal sealed class FetchedDocuments(DocumentFetcher fetcher, ProcessClock clock)
{
    private const int KeptMax = 256;

    private readonly ConcurrentDictionary<string, (JsonElement Json, long UntilMs)> _kept = new(StringComparer.Ordinal);

    /// <summary>Returns null if the document is unavailable.</summary>
    public async ValueTask<JsonElement?> GetAsync(string address, CancellationToken cancellationToken)
    {
        var nowMs = clock.NowMs();
        if (_kept.TryGetValue(address, out var kept) && nowMs < kept.UntilMs)
            return kept.Json;
        if (await fetcher.FetchAsync(address, cancellationToken) is not { } fetched)
            return null;
        if (_kept.Count >= KeptMax)
        {
            foreach (var old in _kept.Where(one => nowMs >= one.Value.UntilMs).Select(static one => one.Key).ToList())
                _kept.TryRemove(old, out _);
            if (_kept.Count >= KeptMax)
                _kept.Clear();
        }

        _kept[address] = (fetched.Json, nowMs + (long)fetched.Kept.TotalMilliseconds);
        return fetched.Json;
    }
}
