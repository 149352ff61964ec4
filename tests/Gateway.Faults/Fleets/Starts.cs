namespace Gateway.Faults.Fleets;

/// <summary>Starting processes as whatever runs a fleet does.</summary>
internal static class Starts
{
    /// <summary>After so many in vain it gives up.</summary>
    public const int Max = 12;

    /// <summary>A start fails while the database is down; as whatever runs it would, this starts it again.</summary>
    public static async Task<GatewayProcess> TryAsync(Func<Task<GatewayProcess>> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await start();
            }
            catch (InvalidOperationException) when (attempt < Max)
            {
                await RunClock.PassAsync(300);
            }
        }
    }

    /// <summary>Waits until it says that it is ready; false if it does not.</summary>
    public static async Task<bool> ReadyAsync(Seat seat, RunClock clock)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var ready = new Uri(seat.Process!.Address, "/readyz");
        return await clock.UntilAsync(
            async () =>
            {
                try
                {
                    using var answer = await client.GetAsync(ready);
                    return answer.StatusCode == HttpStatusCode.OK;
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
                {
                    return false;
                }
            },
            boundMs: 60_000);
    }
}
