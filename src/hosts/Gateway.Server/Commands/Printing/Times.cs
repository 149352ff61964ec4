using System.Globalization;

namespace Gateway.Server.Commands.Printing;

/// <summary>Instants as people read them.</summary>
internal static class Times
{
    /// <summary>The instant in UTC to the second; null where there is none.</summary>
    public static string? Show(string? time) =>
        time is null ? null
        : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcDateTime
            .ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
