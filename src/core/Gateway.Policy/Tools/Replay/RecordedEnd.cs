namespace Gateway.Policy.Tools.Replay;

/// <summary>The end of a call that went on.</summary>
/// <param name="CallId">The id of the attempt.</param>
/// <param name="TimeMs">The time of the end, Unix milliseconds.</param>
/// <param name="WasReleased">True if no byte was written, so the call counted nowhere.</param>
/// <param name="WasError">True if the server responded with an error.</param>
/// <param name="WasRefunded">True if the cost was given back because of the error.</param>
public sealed record RecordedEnd(string CallId, long TimeMs, bool WasReleased, bool WasError, bool WasRefunded);
