namespace Gateway.Mcp;

/// <summary>What became of a server's programs so far.</summary>
/// <param name="Children">Running now.</param>
/// <param name="Starts">Started so far.</param>
/// <param name="Restarts">Of these, started after one that had crashed.</param>
/// <param name="LastError">How the last crash went; null where there was none.</param>
public sealed record StdioStatus(int Children, long Starts, long Restarts, string? LastError);
