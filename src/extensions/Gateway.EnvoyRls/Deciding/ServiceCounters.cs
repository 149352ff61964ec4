using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gateway.EnvoyRls.Protocol;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.EnvoyRls.Deciding;

/// <summary>
/// The counter of a descriptor: its domain, keys and values, and the window. The name contains values only as a digest,
/// because they may be client addresses and of any length.
/// </summary>
internal static class ServiceCounters
{
    private const int NameCharactersMax = 64;
    private const int DigestBytes = 16;

    /// <summary>Returns the same key for the same descriptor at every frontend and after every restart.</summary>
    public static CounterKey KeyOf(
        string domain, IList<RateLimitDescriptor.Types.Entry> entries, string[] values, Window window)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var name = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            Add(hash, entries[i].Key);
            Add(hash, values[i]);
            Show(name, entries[i].Key);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        var counter = CounterKey.NameByValue(name.ToString(), Convert.ToHexStringLower(digest[..DigestBytes]));
        return new CounterKey(LimitScope.Service, domain, counter, WindowKind.Fixed, window);
    }

    /// <summary>Hashes a text with its length, so that different lists of texts have different hashes.</summary>
    private static void Add(IncrementalHash hash, string text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        var utf8 = Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32BigEndian(length, utf8.Length);
        hash.AppendData(length);
        hash.AppendData(utf8);
    }

    private static void Show(StringBuilder name, string key)
    {
        if (name.Length > 0)
            name.Append('.');
        foreach (var one in key.AsSpan(0, Math.Min(key.Length, Math.Max(0, NameCharactersMax - name.Length))))
            name.Append(char.IsAsciiLetterOrDigit(one) || one is '.' or '_' or '-' ? one : '_');
    }
}
