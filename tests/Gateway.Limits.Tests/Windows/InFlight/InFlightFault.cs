namespace Gateway.Limits.Tests.Windows.InFlight;

/// <summary>A rule that is taken out of the counting of calls in flight.</summary>
public enum InFlightFault
{
    /// <summary>All is as it should be.</summary>
    None,

    /// <summary>A place is free when its client has left, though the server is at work.</summary>
    FreedWhenTheClientLeaves,

    /// <summary>A place that has expired is renewed as if it were there.</summary>
    RenewedAfterItExpired,

    /// <summary>Each frontend counts its own calls.</summary>
    CountedByEachFrontend,

    /// <summary>What was renewed for a caller that no longer waits comes back.</summary>
    GivenBackWhenNobodyWaits,

    /// <summary>A call goes on whose place could not be renewed.</summary>
    NotEndedBeforeItExpires,
}
