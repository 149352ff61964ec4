namespace Gateway.Hosting.Logs;

/// <summary>What a host writes to its log, and how.</summary>
/// <param name="IsJson">One JSON object a line; else text.</param>
/// <param name="Level">
/// From which level on, whatever <c>Logging__LogLevel__Default</c> says; null leaves it to that, or Information.
/// </param>
public sealed record LogSettings(bool IsJson = false, LogLevel? Level = null);
