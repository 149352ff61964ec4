namespace Gateway.Policy.Tests.Oracle;

/// <summary>What a call has that conditions look at.</summary>
internal sealed record OracleCall(JsonElement Arguments, DateTimeOffset At);
