using System.Buffers.Binary;
using Gateway.Limits.Model;
using Npgsql;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>The stored form of amounts and nonces: readable for people, and exact.</summary>
internal static class StoredNumbers
{
    private const int Scale = 9;

    /// <summary>
    /// Converts to numeric(28, 9) by its bits, without <see cref="decimal"/> arithmetic that could round.
    /// </summary>
    /// <exception cref="OverflowException">
    /// The amount is negative or has more than 96 bits; valid amounts have at most 90.
    /// </exception>
    public static decimal ToStored(Int128 nano)
    {
        if (nano < 0 || nano >> 96 != 0) throw new OverflowException("The amount is outside the range of a counter.");
        var bits = (UInt128)nano;
        return new decimal((int)(uint)bits, (int)(uint)(bits >> 32), (int)(uint)(bits >> 64), false, Scale);
    }

    /// <summary>Converts a stored amount back.</summary>
    public static Int128 FromStored(decimal stored)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(stored, bits);
        var value = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        for (var scale = stored.Scale; scale < Scale; scale++) value *= 10;
        return (Int128)value;
    }

    /// <summary>
    /// Reads start, amount, nonce and entries from four columns; returns false if the entries are not in the format of
    /// this version.
    /// </summary>
    public static bool TryReadRecord(NpgsqlDataReader reader, int column, out Reservation record)
    {
        var entries = reader.IsDBNull(column + 3)
            ? null
            : SlidingEntries.FromBytes(reader.GetFieldValue<byte[]>(column + 3));
        record = new Reservation(
            reader.GetInt64(column),
            FromStored(reader.GetDecimal(column + 1)),
            FromStored(reader.GetGuid(column + 2)))
        { Entries = entries };
        return entries is not null || reader.IsDBNull(column + 3);
    }

    /// <summary>Converts a nonce to a UUID with the same digits.</summary>
    public static Guid ToStored(UInt128 nonce)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, nonce);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Converts a stored nonce back.</summary>
    public static UInt128 FromStored(Guid stored)
    {
        Span<byte> bytes = stackalloc byte[16];
        stored.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
