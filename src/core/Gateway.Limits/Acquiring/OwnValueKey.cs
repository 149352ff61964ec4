using System.Security.Cryptography;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>A key of values for counters that live and end with this object: nobody else has it.</summary>
public sealed class OwnValueKey : IValueKey
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <inheritdoc/>
    public string? Fault => null;

    /// <inheritdoc/>
    public ValueTask<byte[]?> GetAsync(CancellationToken cancellationToken) => new(_key);
}
