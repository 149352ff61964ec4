using System.Buffers.Binary;

namespace Gateway.Faults.Load;

/// <summary>
/// Time zones of the fleet, in which a day begins during the run. For every second zone, half of the processes have
/// data by which the day begins a minute later.
/// </summary>
internal sealed class DateZones
{
    private const int MinuteMs = 60_000;
    private const int DayMinutes = 1440;
    private const int HalfDayMinutes = 720;

    /// <summary>The environment variable for the folder of the runtime's time zone data.</summary>
    private const string Variable = "TZDIR";

    private readonly string _folder;

    private DateZones(string folder) => _folder = folder;

    /// <summary>
    /// The names; each zone begins its day twice as late as the previous one, from one or two minutes on.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(0, 6).Select(i => $"Faults/Zone_{i}")];

    /// <param name="folder">The parent of the folders to write them to.</param>
    /// <param name="nowMs">The present time.</param>
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

    /// <summary>Returns the environment variables for a process, whose data never change.</summary>
    public IEnumerable<(string Name, string Value)> For(string process) =>
        [(Variable, Folder(_folder, process[^1] % 2))];

    private static string Folder(string folder, int data) => Path.Combine(folder, $"zones-{data}");

    /// <summary>Returns a file in the TZif format (RFC 9636), version 1, with a single offset from UTC.</summary>
    private static byte[] WithMidnightAt(int minuteOfDay)
    {
        var offset = -minuteOfDay;
        if (offset < -HalfDayMinutes) offset += DayMinutes;
        using var file = new MemoryStream();
        file.Write("TZif"u8);
        file.Write(new byte[16]);
        // No leap seconds, transitions or transition indicators; one offset, and its name.
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
