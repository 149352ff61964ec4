using System.Globalization;

namespace Gateway.EnvoyRls.Grpc;

/// <summary>Parses a caller's timeout from its <c>grpc-timeout</c> header: up to eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int DigitsMax = 8;

    /// <summary>Timeouts beyond this exceed the range of timers and are treated as none.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>
    /// Returns false for an invalid text; the timeout is null if there is none or it is too long to matter.
    /// </summary>
    public static bool TryRead(string? header, out TimeSpan? timeout)
    {
        timeout = null;
        if (header is null)
            return true;
        if (header.Length is < 2 or > DigitsMax + 1
            || !long.TryParse(header.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        TimeSpan? read = header[^1] switch
        {
            'H' => TimeSpan.FromHours(count),
            'M' => TimeSpan.FromMinutes(count),
            'S' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMilliseconds(count),
            'u' => TimeSpan.FromMicroseconds(count),
            'n' => TimeSpan.FromTicks(count / TimeSpan.NanosecondsPerTick),
            _ => null,
        };
        timeout = read < Longest ? read : null;
        return read is not null;
    }
}
