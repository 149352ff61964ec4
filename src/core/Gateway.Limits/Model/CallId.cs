using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gateway.Limits.Model;

/// <summary>
/// The gateway's id of one forwarded attempt: 128 random bits. It is never the client's JSON-RPC id, which could make
/// one permit pay for two calls. It is reused only for an acquire that got no reply.
/// </summary>
/// <param name="Bits">The 128 bits.</param>
public readonly record struct CallId(UInt128 Bits)
{
    private const int PoolIds = 64;

    [ThreadStatic] private static byte[]? _pool;
    [ThreadStatic] private static int _left;

    /// <summary>
    /// Returns a new id from the system's cryptographic source (fetched for 64 ids at a time, for speed).
    /// </summary>
    public static CallId New()
    {
        var pool = _pool ??= new byte[PoolIds * 16];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(pool);
            _left = PoolIds;
        }

        var at = pool.AsSpan(--_left * 16, 16);
        return new CallId(BinaryPrimitives.ReadUInt128LittleEndian(at));
    }

    /// <summary>Returns 32 lowercase hexadecimal digits.</summary>
    // Convert via bytes: the runtime formats 128 bits digit by digit.
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        return Convert.ToHexStringLower(bytes);
    }
}
