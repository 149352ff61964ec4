namespace Gateway.Faults.Fleets;

/// <summary>The start of processes, with the retries of an orchestrator.</summary>
internal static class Starts
{
    /// <summary>The maximum number of attempts.</summary>
    public const int Max = 12;

    /// <summary>
    /// Starts a process and repeats a failed start as an orchestrator would, because a start fails while the database
    /// is down.
    /// </summary>
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

    /// <summary>Waits until it is ready; returns false if it does not get ready in time.</summary>
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
