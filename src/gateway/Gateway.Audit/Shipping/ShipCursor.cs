using System.Globalization;
using Gateway.Audit.Directories;

namespace Gateway.Audit.Shipping;

/// <summary>Up to where a sink has the record: a file's number and an offset in it, kept beside the log.</summary>
/// <param name="Number">The file; 0 for nothing yet.</param>
/// <param name="Offset">Bytes of its records that were taken.</param>
public readonly record struct ShipCursor(int Number, long Offset)
{
    /// <summary>What was kept of a sink; one that cannot be read begins anew, so that nothing is left out.</summary>
    public static ShipCursor Read(string directory, string sink)
    {
        var path = PathOf(directory, sink);
        return File.Exists(path) && File.ReadAllText(path).TrimEnd().Split('-') is [var number, var offset]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var o)
                ? new ShipCursor(n, o)
                : default;
    }

    /// <summary>Keeps it, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be kept; what was sent may be sent again.</exception>
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
