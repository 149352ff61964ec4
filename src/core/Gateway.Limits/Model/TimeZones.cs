using System.Text.RegularExpressions;

namespace Gateway.Limits.Model;

/// <summary>Time zones by their IANA name, from the time zone data of the system.</summary>
public static partial class TimeZones
{
    /// <summary>The remedy for an unknown time zone, for messages.</summary>
    public const string Rule =
        "write an IANA name such as \"America/Sao_Paulo\", or \"UTC\"; if the name is correct, install the system's "
        + "time zone data (tzdata)";

    /// <summary>Returns true if the text can be the name of a zone.</summary>
    /// <remarks>Lowercase names are other files in the same folder: lists, and clocks with leap seconds.</remarks>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>
    /// Returns the zone, or null if the system does not know it. The data is read once for the life of the process.
    /// </summary>
    public static TimeZoneInfo? Find(string name) =>
        IsName(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    [GeneratedRegex(@"\A(?=.{1,64}\z)[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
