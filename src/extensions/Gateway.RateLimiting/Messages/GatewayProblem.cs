namespace Gateway.RateLimiting.Messages;

/// <summary>Why a gateway does not decide.</summary>
internal sealed record GatewayProblem(string? Title, string? Detail);
