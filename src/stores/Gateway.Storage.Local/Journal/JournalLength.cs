using System.Globalization;
using System.Numerics;
using System.Text;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// A lower bound of the journal's length, stored in the file <c>journal.length</c>: five lines of text, of which the
/// last is a checksum of the others.
/// </summary>
/// <param name="BootId">The boot of the machine in which the bound was recorded.</param>
/// <param name="File">The first bytes of that journal, which identify it; empty for any journal.</param>
/// <param name="Written">Number of bytes written; they survive the process.</param>
/// <param name="Synced">Number of these bytes that were synced; they survive the machine.</param>
internal sealed record JournalLength(string BootId, string File, long Written, long Synced)
{
    private const string Head = "journal-length 1";
    private const int BytesMax = 1024;

    /// <summary>Returns the contents of the file.</summary>
    public byte[] ToBytes()
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{Head}\nboot {BootId}\nfile {File}\nbytes {Written} {Synced}\n");
        return Encoding.ASCII.GetBytes(text + Sum(text) + "\n");
    }

    /// <summary>Reads the file; returns null if its checksum does not match.</summary>
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
