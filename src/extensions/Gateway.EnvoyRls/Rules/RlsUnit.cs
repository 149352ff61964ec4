using System.Diagnostics.CodeAnalysis;
using Gateway.EnvoyRls.Protocol;
using Gateway.Limits.Model;

namespace Gateway.EnvoyRls.Rules;

/// <summary>
/// The windows of the units, identical to those of the reference server, which Envoy reports to clients in
/// <c>X-RateLimit-Limit</c>. They begin at multiples of their length since 1970, so weeks begin on a Thursday.
/// </summary>
internal static class RlsUnit
{
    private const long DaySeconds = 86_400;

    /// <summary>Returns false for a number that is not a unit.</summary>
    public static bool TryGetWindow(RateLimitResponse.Types.RateLimit.Types.Unit unit, out Window window) =>
        Window.TryFromSeconds(unit switch
        {
            RateLimitResponse.Types.RateLimit.Types.Unit.Second => 1,
            RateLimitResponse.Types.RateLimit.Types.Unit.Minute => 60,
            RateLimitResponse.Types.RateLimit.Types.Unit.Hour => 3600,
            RateLimitResponse.Types.RateLimit.Types.Unit.Day => DaySeconds,
            RateLimitResponse.Types.RateLimit.Types.Unit.Week => 7 * DaySeconds,
            RateLimitResponse.Types.RateLimit.Types.Unit.Month => 30 * DaySeconds,
            RateLimitResponse.Types.RateLimit.Types.Unit.Year => 365 * DaySeconds,
            _ => 0,
        }, out window);

    /// <summary>Parses a unit's name in rules, ignoring case.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "Unit names are ASCII and lower case.")]
    public static RateLimitResponse.Types.RateLimit.Types.Unit Parse(string? name) => name?.ToLowerInvariant() switch
    {
        "second" => RateLimitResponse.Types.RateLimit.Types.Unit.Second,
        "minute" => RateLimitResponse.Types.RateLimit.Types.Unit.Minute,
        "hour" => RateLimitResponse.Types.RateLimit.Types.Unit.Hour,
        "day" => RateLimitResponse.Types.RateLimit.Types.Unit.Day,
        "week" => RateLimitResponse.Types.RateLimit.Types.Unit.Week,
        "month" => RateLimitResponse.Types.RateLimit.Types.Unit.Month,
        "year" => RateLimitResponse.Types.RateLimit.Types.Unit.Year,
        _ => RateLimitResponse.Types.RateLimit.Types.Unit.Unknown,
    };
}
