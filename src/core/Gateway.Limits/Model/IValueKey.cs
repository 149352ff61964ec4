namespace Gateway.Limits.Model;

/// <summary>
/// The secret under which values of arguments become parts of counters' identities. All frontends share it. It is
/// stored with the reservations and never changes: under another key, each value would start over.
/// </summary>
public interface IValueKey
{
    /// <summary>Returns the key; null while it is unavailable, and <see cref="Fault"/> then has the reason.</summary>
    ValueTask<byte[]?> GetAsync(CancellationToken cancellationToken);

    /// <summary>The reason why the key was unavailable at the last request; null if it was available.</summary>
    string? Fault { get; }
}
