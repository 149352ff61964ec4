namespace Gateway.Faults.Histories;

/// <summary>A call that a gateway let through, as it put it on record.</summary>
/// <param name="Member">Which process of the fleet.</param>
/// <param name="CallId">The id of the forwarded attempt.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Charges">What it took.</param>
internal sealed record Decision(string Member, string CallId, string Tool, Charge[] Charges);
