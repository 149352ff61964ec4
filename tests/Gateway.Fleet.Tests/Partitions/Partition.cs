namespace Gateway.Fleet.Tests.Partitions;

/// <summary>How a place is cut off from what lies behind its second link.</summary>
internal enum Partition
{
    /// <summary>The link is down: no packet passes, and the place knows that it has no route.</summary>
    LinkDown,

    /// <summary>What the place sends arrives and is acted on; what is answered is lost without a trace.</summary>
    RepliesLost,
}
