namespace Gateway.Acquire.Messages;

/// <summary>What has come back to one budget.</summary>
internal sealed record ReturnedCost(string Budget, string? Key, decimal Cost);
