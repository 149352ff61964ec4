namespace Gateway.Admin.Backtesting;

/// <summary>Options of replays of the record.</summary>
public sealed record BacktestOptions
{
    /// <summary>
    /// The admin addresses of the fleet's frontends. A replay sends the key of its request only to these. Each is
    /// https, or http on loopback.
    /// </summary>
    public IReadOnlyList<Uri> Fleet { get; set; } = [];
}
