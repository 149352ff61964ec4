namespace Gateway.Faults.Histories;

/// <summary>An admitted call, as the gateway recorded it.</summary>
/// <param name="Member">The process that decided.</param>
/// <param name="CallId">The id of the forwarded attempt.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Charges">The charges.</param>
internal sealed record Decision(string Member, string CallId, string Tool, Charge[] Charges);
