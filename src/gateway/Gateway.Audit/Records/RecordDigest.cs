using System.Security.Cryptography;

namespace Gateway.Audit.Records;

/// <summary>SHA-256 and salts for records, with buffers of each thread.</summary>
internal static class RecordDigest
{
    private const int RandomBytes = 1024;
    private const int JoinedMax = 256;

    // A call takes four hashes, and six if it has a caller. Reusing one IncrementalHash takes two thirds of the time of
    // one-shot hashing.
    [ThreadStatic]
    private static IncrementalHash? _sha256;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _randomLeft;

    /// <summary>Writes the hash of two runs of bytes, one after the other.</summary>
    public static void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> into)
    {
        var sha256 = _sha256 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (second.Length <= JoinedMax - first.Length)
        {
            // Copying a short run is cheaper than another call of the library.
            Span<byte> joined = stackalloc byte[JoinedMax];
            first.CopyTo(joined);
            second.CopyTo(joined[first.Length..]);
            sha256.AppendData(joined[..(first.Length + second.Length)]);
        }
        else
        {
            sha256.AppendData(first);
            sha256.AppendData(second);
        }

        sha256.GetHashAndReset(into);
    }

    /// <summary>
    /// Fills a salt with random bytes. The generator of the system is called once for many salts, because a call takes
    /// longer than the hash of a value. A salt that was taken is overwritten: after an erasure no copy may be left.
    /// </summary>
    public static void FillSalt(Span<byte> salt)
    {
        var random = _random ??= new byte[RandomBytes];
        if (_randomLeft < salt.Length)
        {
            RandomNumberGenerator.Fill(random);
            _randomLeft = random.Length;
        }

        var taken = random.AsSpan(_randomLeft - salt.Length, salt.Length);
        taken.CopyTo(salt);
        taken.Clear();
        _randomLeft -= salt.Length;
    }
}
