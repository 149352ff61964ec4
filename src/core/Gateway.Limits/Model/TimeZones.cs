using System.Text.RegularExpressions;

namespace Gateway.Limits.Model;

/// <summary>Time zones by their IANA name, from the time zone data of the system.</summary>
public static partial class TimeZones
{
    /// <summary>What to do about one that is unknown, for messages.</summary>
    public const string Rule =
        "write an IANA name such as \"America/Sao_Paulo\", or \"UTC\"; where it is right, install the system's time "
        + "zone data (tzdata)";

    /// <summary>Whether a zone can be called so.</summary>
    /// <remarks>Lower-case names are other files in the same folder: lists, and clocks with leap seconds.</remarks>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>Null where the system does not know it. It is read once for the life of the process.</summary>
    public static TimeZoneInfo? Find(string name) =>
        IsName(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    [GeneratedRegex(@"\A(?=.{1,64}\z)[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
