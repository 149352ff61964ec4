namespace Gateway.Limits.Model;

/// <summary>
/// The secret under which values of arguments become parts of counters' identities. All frontends have the same one, it
/// lies with the reservations, and it never changes: under another, each value would begin anew.
/// </summary>
public interface IValueKey
{
    /// <summary>The key; null while it cannot be had, and then <see cref="Fault"/> says why.</summary>
    ValueTask<byte[]?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Why there was no key when it was last asked for; null if there was.</summary>
    string? Fault { get; }
}
