namespace Gateway.Admin.Backtesting;

/// <summary>Replays of the record.</summary>
public sealed record BacktestOptions
{
    /// <summary>
    /// Admin addresses of the fleet's frontends. A replay sends the key of its request to these only. Each is https, or
    /// http on loopback.
    /// </summary>
    public IReadOnlyList<Uri> Fleet { get; set; } = [];
}
