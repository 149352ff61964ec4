using System.Collections.Immutable;

namespace Gateway.Limits.Model;

/// <summary>
/// The encoding of a sliding limit's entries: the format (1), the number of entries, then for each the milliseconds
/// since the previous deadline (for the first: since the epoch) and the numbers in 10^-9 units. Everything but the
/// format is a varint: seven bits per byte, lowest first, with the top bit set where more follow. An entry of a busy
/// counter takes about eight bytes.
/// </summary>
internal static class SlidingBytes
{
    private const byte Format = 1;

    /// <summary>An Int128 has at most 19 groups of seven bits.</summary>
    private const int NumberBytesMax = 19;

    public static byte[] Write(ImmutableArray<SlidingEntry> all)
    {
        var bytes = new byte[1 + (NumberBytesMax * (1 + (2 * all.Length)))];
        bytes[0] = Format;
        var at = 1;
        Put(bytes, ref at, (UInt128)all.Length);
        var before = 0L;
        foreach (var (deadlineMs, count) in all)
        {
            Put(bytes, ref at, checked((UInt128)(deadlineMs - before)));
            Put(bytes, ref at, checked((UInt128)count));
            before = deadlineMs;
        }

        return bytes[..at];
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out ImmutableArray<SlidingEntry> all)
    {
        all = [];
        if (bytes.Length < 2 || bytes[0] != Format) return false;
        bytes = bytes[1..];
        if (!TryTake(ref bytes, out var length) || length > SlidingEntries.CountMax) return false;
        var read = ImmutableArray.CreateBuilder<SlidingEntry>((int)length);
        var before = 0L;
        for (var i = 0; i < (int)length; i++)
        {
            if (!TryTake(ref bytes, out var step) || !TryTake(ref bytes, out var count)) return false;
            if (step > long.MaxValue - (UInt128)before || (i > 0 && step == 0) || count == 0) return false;
            if (count > (UInt128)Int128.MaxValue / SlidingEntries.CountMax) return false;
            before += (long)step;
            read.Add(new SlidingEntry(before, (Int128)count));
        }

        all = read.DrainToImmutable();
        return bytes.IsEmpty;
    }

    private static void Put(byte[] bytes, ref int at, UInt128 value)
    {
        for (; value >= 0x80; value >>= 7) bytes[at++] = (byte)((byte)value | 0x80);
        bytes[at++] = (byte)value;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out UInt128 value)
    {
        value = 0;
        for (var i = 0; i < rest.Length && i < NumberBytesMax; i++)
        {
            value |= (UInt128)(rest[i] & 0x7f) << (7 * i);
            if (rest[i] >= 0x80) continue;
            rest = rest[(i + 1)..];
            return true;
        }

        return false;
    }
}

/// <summary>Numbers of a sliding limit with the same deadline.</summary>
/// <param name="DeadlineMs">
/// The deadline until which they may be used, rounded up, Unix milliseconds UTC: the last moment at which a call may
/// have been admitted with them.
/// </param>
/// <param name="Count">How many, in 10^-9 units; above zero.</param>
public readonly record struct SlidingEntry(long DeadlineMs, Int128 Count);
