using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gateway.Limits.Model;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>
/// A counter's primary key: its text, so that people can find it. A key that a table or its index might reject (too
/// long, a zero byte, half a surrogate pair) would fail a whole batch, so it is stored as a hash.
/// </summary>
internal static class StoredKey
{
    private const int LengthMax = 512;

    public static string Of(CounterKey key)
    {
        var text = key.Text;
        return text.Length <= LengthMax && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? text
            : "#" + Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())));
    }
}
