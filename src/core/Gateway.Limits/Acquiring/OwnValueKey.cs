using System.Security.Cryptography;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>A value key for counters that live only as long as this object. No other process has it.</summary>
public sealed class OwnValueKey : IValueKey
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <inheritdoc/>
    public string? Fault => null;

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(CancellationToken cancellationToken) => new(_key);
}
