namespace Gateway.Cluster.Clocks;

/// <summary>What a silo found when it compared its clock.</summary>
/// <param name="IsWrong">True if it is off by more than a second against the store and most of the other silos.</param>
/// <param name="IsRight">True if it agrees with the store's within a second.</param>
/// <param name="AheadMs">Milliseconds by which it is probably ahead of the store's; negative if behind.</param>
/// <param name="Peers">How many other silos it was compared with.</param>
internal readonly record struct ClockReport(bool IsWrong, bool IsRight, long AheadMs, int Peers)
{
    /// <summary>In words.</summary>
    public string Text =>
        $"the clock of this node is {Math.Abs(AheadMs) / 1000.0:0.0} s {(AheadMs > 0 ? "ahead of" : "behind")} the "
        + $"store's and most of the {Peers} other silos'; set it right by NTP";
}
