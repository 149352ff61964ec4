using Gateway.Limits.Model;

namespace Gateway.Policy.Documents;

/// <summary>A share of a limit's maximum that triggers a notification.</summary>
/// <param name="Share">The share as a number from 0 to 1, such as <c>0.8</c>.</param>
/// <param name="Reached">The usage at which the share is reached.</param>
public sealed record NotifyShare(decimal Share, Amount Reached);
