namespace Gateway.LoadTests.Limiters;

/// <summary>One contestant: proxies that enforce a limit, and the store of their counts.</summary>
internal interface ILimiterSide : IDisposable
{
    string Name { get; }

    /// <summary>The addresses of its proxies.</summary>
    IReadOnlyList<IPEndPoint> Targets { get; }

    /// <summary>The CPU time of all processes that decide a call.</summary>
    TimeSpan CpuTime { get; }

    /// <summary>Kills the process that holds the counts (SIGKILL), and starts it again over its data.</summary>
    Task KillAsync(CancellationToken cancellationToken);
}
