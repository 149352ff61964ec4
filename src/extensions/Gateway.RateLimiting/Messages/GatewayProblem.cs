namespace Gateway.RateLimiting.Messages;

/// <summary>The reason for a missing decision.</summary>
internal sealed record GatewayProblem(string? Title, string? Detail);
