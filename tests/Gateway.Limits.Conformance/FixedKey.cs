namespace Gateway.Limits.Conformance;

/// <summary>The key of values where nobody keeps it: the same in each test.</summary>
public sealed class FixedKey : IValueKey
{
    private readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    public string? Fault => IsLost ? "the key is gone" : null;

    /// <summary>Whether there is none.</summary>
    public bool IsLost { get; set; }

    public ValueTask<byte[]?> GetAsync(CancellationToken cancellationToken) => new(IsLost ? null : _key);
}
