using System.Collections.Concurrent;

namespace Gateway.Control.Health;

/// <summary>
/// The issuers of tokens whose keys this process cannot fetch. Keys are fetched because of a token, so no request is
/// sent only for this.
/// </summary>
public sealed class IssuerHealth(TimeProvider time)
{
    // Without tokens there is no further attempt, so an old fault says nothing about now.
    private static readonly TimeSpan ShownFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, IssuerFault> _faults = new(StringComparer.Ordinal);

    /// <summary>Returns the fault of the issuer with this name; null if its keys could be fetched lately.</summary>
    public IssuerFault? Of(string issuer) =>
        _faults.TryGetValue(issuer, out var fault) && time.GetUtcNow() - fault.Last < ShownFor ? fault : null;

    /// <summary>Notes that the keys of an issuer were fetched.</summary>
    public void Fetched(string issuer) => _faults.TryRemove(issuer, out _);

    /// <summary>Notes that the keys of an issuer could not be fetched.</summary>
    /// <param name="issuer">The name of the issuer.</param>
    /// <param name="why">The reason.</param>
    /// <param name="hasKeys">True if keys of an earlier fetch are still used.</param>
    public void Failed(string issuer, string why, bool hasKeys)
    {
        var now = time.GetUtcNow();
        _faults[issuer] = new(Of(issuer)?.Since ?? now, now, why, hasKeys);
    }
}

/// <summary>A fault of an issuer.</summary>
/// <param name="Since">The time of the first failed attempt.</param>
/// <param name="Last">The time of the last failed attempt.</param>
/// <param name="Why">The reason for the last one.</param>
/// <param name="HasKeys">True if keys of an earlier fetch are still used; otherwise every token is refused.</param>
public sealed record IssuerFault(DateTimeOffset Since, DateTimeOffset Last, string Why, bool HasKeys);
