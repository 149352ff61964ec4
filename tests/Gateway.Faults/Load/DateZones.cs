using System.Buffers.Binary;

namespace Gateway.Faults.Load;

/// <summary>
/// Time zones of the fleet's own, in which a day begins while it runs. Of every other one, half of the processes have
/// data by which it begins a minute later.
/// </summary>
internal sealed class DateZones
{
    private const int MinuteMs = 60_000;
    private const int DayMinutes = 1440;
    private const int HalfDayMinutes = 720;

    /// <summary>Where the runtime looks for the data of time zones.</summary>
    private const string Variable = "TZDIR";

    private readonly string _folder;

    private DateZones(string folder) => _folder = folder;

    /// <summary>Their names; each begins its day twice as late as the one before, from a minute or two on.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(0, 6).Select(i => $"Faults/Zone_{i}")];

    /// <param name="folder">Where to write them, in folders of their own.</param>
    /// <param name="nowMs">The time now.</param>
    public static DateZones Write(string folder, long nowMs)
    {
        for (var data = 0; data < 2; data++)
        {
            for (var i = 0; i < Names.Count; i++)
            {
                var path = Path.Combine(Folder(folder, data), Names[i]);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                var midnight = (nowMs / MinuteMs) + 1 + (1 << i) + (i % 2 == 0 ? 0 : data);
                File.WriteAllBytes(path, WithMidnightAt((int)(midnight % DayMinutes)));
            }
        }

        return new DateZones(folder);
    }

    /// <summary>What the environment of this process has of them: one's data are always the same.</summary>
    public IEnumerable<(string Name, string Value)> For(string process) =>
        [(Variable, Folder(_folder, process[^1] % 2))];

    private static string Folder(string folder, int data) => Path.Combine(folder, $"zones-{data}");

    /// <summary>A file of the format TZif (RFC 9636) in version 1: one offset from UTC, at all times.</summary>
    private static byte[] WithMidnightAt(int minuteOfDay)
    {
        var offset = -minuteOfDay;
        if (offset < -HalfDayMinutes) offset += DayMinutes;
        using var file = new MemoryStream();
        file.Write("TZif"u8);
        file.Write(new byte[16]);
        // Leap seconds, transitions and the two lists of how transitions were meant: none; one offset, its name.
        foreach (var number in (int[])[0, 0, 0, 0, 1, 4]) Write(file, number);
        Write(file, offset * 60);
        file.Write([0, 0]);
        file.Write("FLT\0"u8);
        return file.ToArray();
    }

    private static void Write(MemoryStream file, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        file.Write(bytes);
    }
}
