using System.Globalization;

namespace Gateway.EnvoyRls.Grpc;

/// <summary>How long a caller waits, as its <c>grpc-timeout</c> says: up to eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int DigitsMax = 8;

    /// <summary>Longer than any timer takes, so as good as none.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>False for a text that is none; null where there is none, or one too long to matter.</summary>
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
