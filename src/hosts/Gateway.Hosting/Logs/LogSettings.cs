namespace Gateway.Hosting.Logs;

/// <summary>The form and the level of a host's log.</summary>
/// <param name="IsJson">True for one JSON object per line; false for text.</param>
/// <param name="Level">
/// The minimum level, which overrides <c>Logging__LogLevel__Default</c>; null uses that, or Information.
/// </param>
public sealed record LogSettings(bool IsJson = false, LogLevel? Level = null);
