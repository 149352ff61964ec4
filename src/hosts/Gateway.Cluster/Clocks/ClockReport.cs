namespace Gateway.Cluster.Clocks;

/// <summary>The result of comparing a silo's clock.</summary>
/// <param name="IsWrong">
/// True if it is off by more than a second compared with the store and most of the other silos.
/// </param>
/// <param name="IsRight">True if it agrees with the store's clock within a second.</param>
/// <param name="AheadMs">Milliseconds by which it is probably ahead of the store's clock; negative if behind.</param>
/// <param name="Peers">Number of other silos in the comparison.</param>
internal readonly record struct ClockReport(bool IsWrong, bool IsRight, long AheadMs, int Peers)
{
    /// <summary>The result in words.</summary>
    public string Text =>
        $"the clock of this node is {Math.Abs(AheadMs) / 1000.0:0.0} s {(AheadMs > 0 ? "ahead of" : "behind")} the "
        + $"store's clock and the clocks of most of the {Peers} other silos; synchronize it with NTP";
}
