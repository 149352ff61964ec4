using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gateway.Orleans.Documents;

/// <summary>Numbers that nobody else has.</summary>
internal static class Nonces
{
    public static UInt128 New()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
