namespace Gateway.Policy.Tools.Replay;

/// <summary>How a call that went on came to its end.</summary>
/// <param name="CallId">Names the attempt.</param>
/// <param name="TimeMs">When, Unix milliseconds.</param>
/// <param name="WasReleased">No byte was written: it counted nowhere.</param>
/// <param name="WasError">The server answered with an error.</param>
/// <param name="WasRefunded">What it had counted was given back for that.</param>
public sealed record RecordedEnd(string CallId, long TimeMs, bool WasReleased, bool WasError, bool WasRefunded);
