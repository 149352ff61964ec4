using System.Globalization;

namespace Gateway.Audit.Evidence;

/// <summary>A place in a writer's log, between two bytes of one of its files.</summary>
/// <param name="File">The file's number, from 1.</param>
/// <param name="Offset">Number of uncompressed bytes of the file before the place.</param>
public readonly record struct LogPlace(int File, long Offset) : IComparable<LogPlace>
{
    /// <summary>Compares by file, then by offset.</summary>
    public int CompareTo(LogPlace other) =>
        File != other.File ? File.CompareTo(other.File) : Offset.CompareTo(other.Offset);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File} {Offset}");

    /// <summary>Returns true if the left place is earlier.</summary>
    public static bool operator <(LogPlace left, LogPlace right) => left.CompareTo(right) < 0;

    /// <summary>Returns true if the left place is later.</summary>
    public static bool operator >(LogPlace left, LogPlace right) => left.CompareTo(right) > 0;

    /// <summary>Returns true if the left place is not later.</summary>
    public static bool operator <=(LogPlace left, LogPlace right) => left.CompareTo(right) <= 0;

    /// <summary>Returns true if the left place is not earlier.</summary>
    public static bool operator >=(LogPlace left, LogPlace right) => left.CompareTo(right) >= 0;

    /// <summary>Returns null if the text is not a place.</summary>
    internal static LogPlace? Parse(string text) => text.Split(' ') is [var file, var offset]
        && int.TryParse(file, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? new LogPlace(number, bytes)
            : null;
}
