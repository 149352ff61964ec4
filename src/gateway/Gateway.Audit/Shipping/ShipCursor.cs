using System.Globalization;
using Gateway.Audit.Directories;

namespace Gateway.Audit.Shipping;

/// <summary>A sink's progress in the log: a file number and an offset, stored beside the log.</summary>
/// <param name="Number">The file's number; 0 if nothing was shipped yet.</param>
/// <param name="Offset">Bytes of the file's records that the sink accepted.</param>
public readonly record struct ShipCursor(int Number, long Offset)
{
    /// <summary>
    /// Reads a sink's cursor. An unreadable cursor starts from the beginning, so that no record is skipped.
    /// </summary>
    public static ShipCursor Read(string directory, string sink)
    {
        var path = PathOf(directory, sink);
        return File.Exists(path) && File.ReadAllText(path).TrimEnd().Split('-') is [var number, var offset]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var o)
                ? new ShipCursor(n, o)
                : default;
    }

    /// <summary>Stores the cursor atomically.</summary>
    /// <exception cref="IOException">The cursor cannot be stored; records that were sent may be sent again.</exception>
    public void Write(string directory, string sink)
    {
        var path = PathOf(directory, sink);
        using (var file = DataDirectory.Owned(path + ".new", FileMode.Create, FileShare.None))
            file.Write(System.Text.Encoding.ASCII.GetBytes($"{this}\n"));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}-{Offset}");

    private static string PathOf(string directory, string sink) => Path.Combine(directory, $"sink-{sink}.cursor");
}
