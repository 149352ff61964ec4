namespace Gateway.Acquire.Messages;

/// <summary>The amount returned to one budget.</summary>
internal sealed record ReturnedCost(string Budget, string? Key, decimal Cost);
