using System.Globalization;
using System.Numerics;
using System.Text;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// How long the journal was at least, as a file of its own says: <c>journal.length</c>, five lines of text, of which
/// the last is a sum over the others.
/// </summary>
/// <param name="BootId">The run of the machine in which that was so.</param>
/// <param name="File">The first bytes of that journal, which tell it from another; empty for any.</param>
/// <param name="Written">Bytes that were written; they outlive the process.</param>
/// <param name="Synced">Bytes of them that were synced; they outlive the machine.</param>
internal sealed record JournalLength(string BootId, string File, long Written, long Synced)
{
    private const string Head = "journal-length 1";
    private const int BytesMax = 1024;

    /// <summary>What is written of it.</summary>
    public byte[] ToBytes()
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{Head}\nboot {BootId}\nfile {File}\nbytes {Written} {Synced}\n");
        return Encoding.ASCII.GetBytes(text + Sum(text) + "\n");
    }

    /// <summary>Null if it is not what was written.</summary>
    public static JournalLength? TryRead(IJournalFile file)
    {
        var bytes = new byte[BytesMax];
        var length = file.Length > BytesMax ? 0 : file.Read(0, bytes);
        var lines = Encoding.ASCII.GetString(bytes, 0, length).Split('\n');
        if (lines is not [Head, var boot, var name, var sizes, var sum, ""]
            || Sum(string.Join('\n', lines[..4]) + "\n") != sum
            || sizes.Split(' ') is not ["bytes", var written, var synced]
            || !long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var w)
            || !long.TryParse(synced, NumberStyles.None, CultureInfo.InvariantCulture, out var s))
        {
            return null;
        }

        return new JournalLength(boot["boot ".Length..], name["file ".Length..], w, s);
    }

    private static string Sum(string text) =>
        Crc(Encoding.ASCII.GetBytes(text)).ToString("x8", CultureInfo.InvariantCulture);

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
